// Marks the part of the page that is being read in its index, and opens what is folded around the part that the
// address names. Without it, the index leads there all the same, and browsers open what they can.
const READ_AT = 0.1; // of the height of the screen: below what a link to a part leads to, above the next part

// The parts of a page are called by plain words: nothing in them is escaped in an address.
const named = (link) => document.getElementById(link.hash.slice(1));

function open() {
  const target = document.querySelector(":target"), folded = [];
  for (let one = target; one; one = one.parentElement) if (one.open === false) folded.push(one);
  for (const one of folded) one.open = true;
  if (folded.length) target.scrollIntoView();
}

customElements.define(
  "page-index",
  class extends HTMLElement {
    connectedCallback() {
      this.links = [...this.querySelectorAll("a[href^='#']")].filter(named);
      this.folds = this.closest("aside").querySelectorAll("details");
      this.addEventListener("click", (event) => event.target.closest("a") && this.fold());
      addEventListener("keydown", (event) => event.key === "Escape" && this.fold());
      addEventListener("scroll", () => this.markSoon(), { passive: true });
      addEventListener("hashchange", open);
      open();
      this.mark();
    }

    // Where it lies over the words, it must not stay there.
    fold() {
      for (const one of this.folds) one.open = false;
    }

    markSoon() {
      this.frame ??= requestAnimationFrame(() => {
        this.frame = null;
        this.mark();
      });
    }

    mark() {
      const line = innerHeight * READ_AT;
      const begun = (link) => named(link).closest("section").getBoundingClientRect().top <= line;
      const here = this.links.findLast(begun);
      for (const link of this.links) {
        if (link === here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  },
);
