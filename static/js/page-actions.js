// Copies the address of the page, gives it to the system's own sheet, prints it. Without it, the browser's menu does.
const SHOWN = 3000;

const address = () => location.href.split("#")[0];

const DOES = {
  copy: navigator.clipboard && (() => navigator.clipboard.writeText(address())),
  share: navigator.share && (() => navigator.share({ title: document.title, url: address() })),
  print: () => print(),
};

customElements.define(
  "page-actions",
  class extends HTMLElement {
    connectedCallback() {
      for (const button of this.querySelectorAll("button[data-do]")) {
        const act = DOES[button.dataset.do];
        if (!act) continue;
        button.parentElement.hidden = false;
        button.addEventListener("click", () => this.perform(act, button));
      }
    }

    async perform(act, button) {
      try {
        await act();
      } catch (refusal) {
        if (refusal.name === "AbortError") return; // The reader closed the sheet.
        throw refusal;
      }
      const { done } = button.dataset, words = button.querySelector("span");
      if (!done) return;
      const before = words.textContent;
      words.textContent = done;
      setTimeout(() => (words.textContent = before), SHOWN);
    }
  },
);
