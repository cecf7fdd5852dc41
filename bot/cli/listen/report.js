// @ts-check

/**
 * Return the text of a draft, as lines to paste into a document.
 * @param {HTMLElement} list
 */
function draftText(list) {
  const lines = [list.dataset.title ?? ""];
  for (const term of list.querySelectorAll("dt")) {
    const text = term.nextElementSibling?.querySelector(".text")?.textContent ?? "";
    lines.push("", `${term.textContent}:`, text);
  }
  return lines.join("\n");
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const list = document.getElementById(button.getAttribute("data-copy") ?? "");
  const status = button.parentElement?.querySelector("[role=status]");
  if (list && status && navigator.clipboard) {
    button.removeAttribute("hidden");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(draftText(list));
        status.textContent = "Copied.";
      } catch {
        status.textContent = "The browser didn't allow it. Select the text instead.";
      }
    });
  }
}

const filter = document.getElementById("filter");
if (filter instanceof HTMLInputElement && filter.parentElement) {
  const status = filter.parentElement.querySelector("[role=status]");
  const matters = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll(".matters > li")
  );
  filter.parentElement.hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const matter of matters) {
      const text = (matter.textContent ?? "").toLowerCase();
      matter.hidden = !words.every((word) => text.includes(word));
      shown += matter.hidden ? 0 : 1;
    }
    if (status) status.textContent = filter.value.trim() ? `${shown} of ${matters.length}` : "";
  });
}

// A printed page can't be opened, so it shows everything.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
});
