// Closes what fills a phone's screen many times over. Without it, everything stays open.
if (matchMedia("(max-width: 47.99rem)").matches) {
  for (const details of document.querySelectorAll("details[data-fold]")) details.open = false;
}
