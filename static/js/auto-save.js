// Keeps what is typed: on the server some seconds after a change, on this device while the server
// cannot take it. It says so beside the title, and aloud only when the state becomes another one.
// Without it, the buttons of the form do the same by hand.
const QUIET = 2000; // after the last change
const LATEST = 8000; // after the first one that is not kept yet
const AGAIN = 5000; // after a failure
const SPEAKS = new Set(["saved", "unfit", "public", "conflict", "away", "device", "lost"]);
const FORGOTTEN = 30 * 24 * 3600 * 1000;
const OURS = "retex:words:";

customElements.define(
  "auto-save",
  class extends HTMLElement {
    connectedCallback() {
      this.form = document.getElementById(this.dataset.form);
      if (!this.form || this.begun) return;
      this.begun = Date.now();
      this.dirty = "dirty" in this.dataset;
      this.paused = "paused" in this.dataset;
      this.form.addEventListener("input", () => this.change());
      this.form.addEventListener("submit", (event) => this.submit(event));
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") this.leave();
        else if (this.dirty) this.save();
      });
      addEventListener("pagehide", () => this.leave());
      addEventListener("online", () => this.dirty && this.save());
      setInterval(() => this.spend(), 60000);
      this.offer();
      if (this.dirty) this.change();
    }

    // --- Keeping ---------------------------------------------------------------------------------

    change() {
      this.dirty = true;
      this.edits = (this.edits ?? 0) + 1;
      this.since ??= Date.now();
      if (this.paused) return void this.hold("conflict");
      this.later(Math.min(QUIET, Math.max(0, this.since + LATEST - Date.now())));
    }

    later(pause) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), pause);
    }

    // One request at a time: an answer tells what the next one goes by.
    async save() {
      clearTimeout(this.timer);
      if (this.saving) return this.saving.then(() => (this.dirty ? this.save() : "saved"));
      if (this.paused) return "conflict";
      this.saving = this.ask();
      const state = await this.saving;
      this.saving = null;
      return state;
    }

    async ask() {
      const edits = this.edits;
      this.say("saving");
      let state = "device";
      let reached = false;
      try {
        const answer = await fetch(this.url, { method: "POST", body: this.words() });
        reached = answer.status < 500;
        if (answer.status === 403 || answer.status === 401) state = "away";
        else if (answer.ok || answer.status === 409) state = this.take(await answer.text());
      } catch {
        // Offline, or the site is away: the words stay here meanwhile.
      }
      if (["saved", "unfit", "public"].includes(state)) {
        this.since = null;
        this.dirty = this.edits !== edits;
        if (!this.dirty) this.release();
        this.say(state);
        if (this.dirty) this.later(QUIET);
      } else {
        this.paused = state === "conflict";
        this.hold(state);
        if (!this.paused) this.later(AGAIN);
      }
      return reached && state === "device" ? "refused" : state;
    }

    // Not form.action: a field of the report has that name.
    get url() {
      return this.form.getAttribute("action");
    }

    // What the form would send, with the token of who is signed in now: it changes at each sign-in.
    words() {
      const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      if (token) this.form.elements.csrfmiddlewaretoken.value = token[1];
      const words = new FormData(this.form);
      words.set("do", "keep");
      return words;
    }

    take(html) {
      const told = new DOMParser().parseFromString(html, "text/html").querySelector("[data-state]");
      if (!told) return "device";
      const { state, action, version } = told.dataset;
      if (state === "conflict") return state;
      this.form.setAttribute("action", action);
      this.form.elements.version.value = version;
      if (location.pathname !== action) history.replaceState(null, "", action);
      const list = told.querySelector(".prog");
      const shown = document.querySelector("nav .prog");
      if (list && shown && !shown.contains(document.activeElement)) shown.replaceWith(list);
      return state;
    }

    // --- Leaving ---------------------------------------------------------------------------------

    // The words go ahead of the button: where they cannot go, neither can it.
    async submit(event) {
      if (this.paused) this.release(); // The words travel with the form.
      if (!this.dirty || this.paused || this.passing) return;
      event.preventDefault();
      if (this.pressed) return;
      this.pressed = event.submitter;
      const state = await this.save();
      const button = this.pressed;
      this.pressed = null;
      if (state === "device" || state === "away") return void this.focusOnState();
      this.passing = true;
      setTimeout(() => {
        this.form.requestSubmit(button);
        this.passing = false;
      });
    }

    leave() {
      if (!this.dirty || this.passing) return;
      this.hold();
      if (this.paused || this.saving) return;
      // Refused when it is too long to be sent on leaving: this device holds it.
      fetch(this.url, { method: "POST", body: this.words(), keepalive: true }).catch(() => {});
    }

    // --- This device -----------------------------------------------------------------------------

    get place() {
      return `${OURS}${this.dataset.member}:${this.form.elements.submission_key.value}`;
    }

    // Holds the words here, and says `state` if one is given.
    hold(state) {
      const words = [...new FormData(this.form)].filter(([name]) => name !== "csrfmiddlewaretoken");
      const isNew = this.form.elements.version.value === "";
      try {
        localStorage.setItem(this.place, JSON.stringify({ words, at: Date.now(), isNew }));
      } catch {
        if (state) state = "lost";
      }
      if (state) this.say(state);
    }

    release(place = this.place) {
      try {
        localStorage.removeItem(place);
      } catch {
        // Nothing was held either.
      }
    }

    // Words held for this form, or, on a new one, for a form that never reached the server.
    held() {
      const isNew = this.form.elements.version.value === "";
      const found = [];
      try {
        for (const place of Object.keys(localStorage)) {
          if (!place.startsWith(OURS)) continue;
          const kept = JSON.parse(localStorage.getItem(place));
          if (Date.now() - kept.at > FORGOTTEN) this.release(place);
          else if (place === this.place || (isNew && kept.isNew && place.startsWith(`${OURS}${this.dataset.member}:`)))
            found.push({ place, ...kept });
        }
      } catch {
        // No storage here, or not ours.
      }
      return found.sort((one, other) => other.at - one.at)[0];
    }

    offer() {
      const kept = this.held();
      if (!kept || this.paused || this.dirty) return;
      const offer = this.querySelector("[data-offer]").content.cloneNode(true).firstElementChild;
      const sentence = offer.querySelector("p");
      sentence.textContent = sentence.textContent.replace("{time}", this.time(kept.at, { dateStyle: "long", timeStyle: "short" }));
      offer.querySelector("[data-restore]").addEventListener("click", () => this.restore(kept));
      offer.querySelector("[data-discard]").addEventListener("click", () => {
        this.release(kept.place);
        offer.remove();
        document.getElementById("main").focus();
      });
      document.querySelector("main").prepend(offer);
    }

    // The server shows the form with these words, as the page that held them: what it may have
    // stored before it was closed is its own.
    restore(kept) {
      const form = document.createElement("form");
      form.method = "post";
      form.action = this.url;
      form.hidden = true;
      const token = this.form.elements.csrfmiddlewaretoken.value;
      for (const [name, value] of [...kept.words, ["csrfmiddlewaretoken", token], ["rows", "restore"]]) {
        const input = document.createElement("textarea");
        input.name = name;
        input.value = value;
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    }

    // --- Words for people ------------------------------------------------------------------------

    say(state) {
      const text = this.dataset[state]?.replace("{time}", this.time(Date.now(), { timeStyle: "short" }));
      if (!text) return;
      this.querySelector("[data-text]").textContent = text;
      this.dataset.state = state;
      if (!SPEAKS.has(state) || state === this.said) return;
      this.said = state;
      this.querySelector("[data-live]").textContent = text;
    }

    focusOnState() {
      this.tabIndex = -1;
      this.focus();
    }

    spend() {
      const n = Math.round((Date.now() - this.begun) / 60000);
      this.querySelector("[data-spent]").textContent = this.dataset.minutes.replace("{n}", n);
    }

    time(at, form) {
      const { lang } = document.documentElement;
      return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, form).format(at);
    }
  },
);
