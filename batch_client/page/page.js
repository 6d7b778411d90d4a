"use strict";
// What is live is asked for again while somebody looks; where the focus is stays.
{
  const region = document.querySelector("[data-live]");

  async function refresh() {
    if (document.hidden) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(region.id);
    const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
    region.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  if (region) {
    setInterval(refresh, 1000 * region.dataset.live);
    document.addEventListener("visibilitychange", refresh);
  }
}
