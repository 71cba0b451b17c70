// Puts a button before words that are meant to be copied. Without it, they can be selected.
const SHOWN = 3000;

customElements.define(
  "copy-words",
  class extends HTMLElement {
    connectedCallback() {
      if (!navigator.clipboard || this.querySelector("button")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn small";
      button.textContent = this.dataset.label;
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(this.querySelector("pre").textContent);
        button.textContent = this.dataset.done;
        setTimeout(() => (button.textContent = this.dataset.label), SHOWN);
      });
      this.prepend(button);
    }
  },
);
