// Moves the reader to what went wrong: a failed form comes back as a whole page, at its top.
customElements.define(
  "error-summary",
  class extends HTMLElement {
    connectedCallback() {
      this.focus();
    }
  },
);
