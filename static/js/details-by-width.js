// Closes what fills a phone's screen many times over, and opens what has a column of its own on a wide one.
// Without it, all is as the page says, and a press away.
const isNarrow = matchMedia("(max-width: 47.99rem)").matches;
for (const details of document.querySelectorAll("details[data-fold]")) if (isNarrow) details.open = false;
for (const details of document.querySelectorAll("details[data-unfold]")) if (!isNarrow) details.open = true;
