// Picks stakes by typing: names, synonyms and definitions in both languages. The checkboxes of its
// fieldset stay the truth, and say so to the form: what is picked here ticks them.
const PARTS = 3; // Names weigh most, then synonyms, then definitions: as the server lists them.
const FEW = 3; // Where fewer begin with the typed words, those that resemble them follow.
const ALIKE = 5; // Letters two words begin with, where one may be a form of the other.

const fold = (text) =>
  text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/\p{M}/gu, "");
const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const starts = (word, typed) => word.startsWith(typed);
const resembles = (word, typed) => {
  let same = 0;
  while (same < Math.min(word.length, typed.length) && word[same] === typed[same]) same += 1;
  return same >= ALIKE && same >= typed.length - 4;
};

customElements.define(
  "stake-picker",
  class extends HTMLElement {
    connectedCallback() {
      if (this.input) return;
      this.field = this.closest("fieldset");
      this.boxes = [...this.field.querySelectorAll("input[type=checkbox][name=stakes]")];
      this.append(this.querySelector("template").content.cloneNode(true));
      this.input = this.querySelector("[role=combobox]");
      this.list = this.querySelector("[role=listbox]");
      this.picked = this.querySelector(".picked");
      this.refusal = this.querySelector("#stake-full");
      const known = JSON.parse(document.getElementById("stake-words-known").textContent);
      this.words = new Map(this.boxes.map((box) => [box, (known[box.value] ?? []).map((part) => part.split(" "))]));
      this.listen();
      this.show();
    }

    listen() {
      this.input.addEventListener("input", (event) => {
        event.stopPropagation(); // Words to search by are no words of the form.
        this.search();
      });
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.addEventListener("focusout", (event) => this.list.contains(event.relatedTarget) || this.close());
      this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // Focus stays in the input.
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.pick(option.box);
      });
      this.picked.addEventListener("click", (event) => {
        const chip = event.target.closest("button");
        if (chip) this.drop(chip);
      });
      this.field.addEventListener("change", (event) => this.boxes.includes(event.target) && this.ticked(event.target));
      this.field.addEventListener("input", (event) => this.boxes.includes(event.target) && this.show());
      window.addEventListener("pageshow", () => this.show());
    }

    // --- What is chosen ---

    get chosen() {
      return this.boxes.filter((box) => box.checked);
    }

    label(box) {
      return this.field.querySelector(`label[for="${box.id}"]`).textContent.trim();
    }

    // A box ticked by hand: one too many is given back, and said beside it.
    ticked(box) {
      if (!box.checked || this.chosen.length <= Number(this.dataset.most)) return this.show();
      this.tick(box, false);
      this.refuse(box.closest("li"));
    }

    // Picking what is chosen already leaves it chosen: it is removed by its chip.
    pick(box) {
      if (!box.checked && this.chosen.length >= Number(this.dataset.most)) return this.refuse(this);
      const sentence = box.checked ? this.dataset.already : this.dataset.added;
      this.tick(box, true);
      this.tell(sentence, { stake: this.label(box) });
      this.input.value = "";
      this.close();
    }

    drop(chip) {
      const at = [...this.picked.querySelectorAll("button")].indexOf(chip);
      this.tick(chip.box, false);
      this.tell(this.dataset.removed, { stake: this.label(chip.box) });
      const left = this.picked.querySelectorAll("button");
      (left[Math.min(at, left.length - 1)] ?? this.input).focus();
    }

    tick(box, checked) {
      if (box.checked === checked) return;
      box.checked = checked;
      for (const name of ["input", "change"]) box.dispatchEvent(new Event(name, { bubbles: true }));
    }

    refuse(place) {
      this.close();
      if (place === this) this.list.after(this.refusal);
      else place.append(this.refusal);
      this.refusal.textContent = this.dataset.full;
    }

    // Shows the boxes as they are: as chips, and in the number beside each competency.
    show() {
      this.picked.replaceChildren(
        ...this.chosen.map((box) => {
          const chip = this.querySelector("template[data-chip]").content.cloneNode(true).firstElementChild;
          chip.querySelector("span").textContent = this.label(box);
          chip.querySelector("button").box = box;
          return chip;
        }),
      );
      this.picked.hidden = !this.chosen.length;
      for (const group of this.field.querySelectorAll("details")) {
        const number = group.querySelectorAll("input:checked").length;
        const said = number === 1 ? this.dataset.chosenOne : this.dataset.chosenMany.replace("{n}", number);
        group.querySelector("[data-chosen]").textContent = number ? said : "";
      }
      if (this.chosen.length < Number(this.dataset.most)) this.refusal.textContent = "";
    }

    tell(sentence, values) {
      this.querySelector("[data-told]").textContent = sentence.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
    }

    // --- Searching ---

    // Returns the boxes all typed words fit, the best first; where few begin with them, then those that resemble them.
    found(typed) {
      const hits = new Set();
      for (const fits of [starts, resembles]) {
        const scores = this.boxes.map((box) => [box, this.score(this.words.get(box), typed, fits)]);
        const fitting = scores.filter(([, score]) => score).sort(([, one], [, other]) => other - one);
        for (const [box] of fitting) hits.add(box);
        if (hits.size >= FEW) break;
      }
      return [...hits];
    }

    score(parts, typed, fits) {
      let sum = 0;
      for (const word of typed) {
        const part = parts.findIndex((words) => words.some((one) => fits(one, word)));
        if (part < 0) return 0;
        sum += PARTS - part;
      }
      return sum;
    }

    search() {
      const typed = wordsOf(this.input.value);
      if (!typed.length) return this.close();
      const boxes = this.found(typed);
      if (!boxes.length) {
        this.close();
        return this.tell(this.dataset.none, { words: this.input.value.trim() });
      }
      this.open(boxes, typed);
      this.tell(this.dataset.found, { n: boxes.length });
    }

    // --- The list ---

    open(boxes, typed = []) {
      const groups = new Map();
      for (const box of boxes) {
        const area = box.closest("details");
        if (!groups.has(area)) groups.set(area, []);
        groups.get(area).push(box);
      }
      this.list.replaceChildren(...[...groups].map(([area, held]) => this.group(area, held, typed)));
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      this.list.scrollIntoView({ block: "nearest" });
      this.go(typed.length ? 0 : -1);
    }

    group(area, boxes, typed) {
      const group = document.createElement("div");
      const name = document.createElement("div");
      name.className = "meta";
      name.setAttribute("role", "presentation");
      name.textContent = area.querySelector("summary > span").textContent;
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", name.textContent);
      group.append(name, ...boxes.map((box) => this.option(box, typed)));
      return group;
    }

    option(box, typed) {
      const option = document.createElement("div");
      const name = document.createElement("span");
      const meaning = document.createElement("span");
      name.append(...this.marked(this.label(box), typed));
      meaning.className = "meta";
      meaning.textContent = document.getElementById(`${box.id}_d`).textContent;
      option.id = `stake-option-${box.value}`;
      option.box = box;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(box.checked));
      option.append(name, " ", meaning);
      return option;
    }

    // Yields the words of a label, the beginnings that were typed marked.
    *marked(label, typed) {
      for (const piece of label.split(/([\p{L}\p{N}\p{M}]+)/u)) {
        const hit = typed.find((word) => fold(piece).startsWith(word));
        const length = hit && fold(piece).length === piece.length ? hit.length : hit ? piece.length : 0;
        if (length) {
          const mark = document.createElement("mark");
          mark.textContent = piece.slice(0, length);
          yield mark;
        }
        yield piece.slice(length);
      }
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    get options() {
      return [...this.list.querySelectorAll("[role=option]")];
    }

    go(at) {
      const options = this.options;
      options.forEach((option, number) => option.classList.toggle("at", number === at));
      if (at < 0) return this.input.removeAttribute("aria-activedescendant");
      this.input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    }

    key(event) {
      const options = this.list.hidden ? [] : this.options;
      const at = options.findIndex((option) => option.classList.contains("at"));
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) {
        event.preventDefault();
        if (!options.length) return this.open(this.boxes);
        const start = at < 0 && event.key === "ArrowUp" ? 0 : at;
        this.go((start + steps[event.key] + options.length) % options.length);
      } else if (event.key === "Enter") {
        event.preventDefault(); // It picks; it never sends the form.
        if (at >= 0) this.pick(options[at].box);
      } else if (event.key === "Escape" && (options.length || this.input.value)) {
        event.preventDefault();
        if (!options.length) this.input.value = "";
        this.close();
      }
    }
  },
);
