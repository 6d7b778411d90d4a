"use strict";
// What is live is asked for again when the server says that something changed. What a reader has
// opened, and where the focus is, stays.
{
  const regions = () => document.querySelectorAll("[data-live]");
  let busy = false;
  let again = false;

  function replace(fresh) {
    for (const region of regions()) {
      const other = fresh.getElementById(region.id);
      if (!other) continue;
      for (const each of other.querySelectorAll("details[id]")) {
        each.open = document.getElementById(each.id)?.open ?? each.open;
      }
      if (other.innerHTML === region.innerHTML) continue;
      const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
      region.replaceChildren(...other.childNodes);
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    do {
      again = false;
      const began = performance.now();
      try {
        const answer = await fetch(location.href);
        if (answer.ok) replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch { /* it stopped; the connection below tells */ }
      // What is looked at takes a fifth of the server's time at most.
      await new Promise((resume) => setTimeout(resume, 4 * (performance.now() - began)));
    } while (again);
    busy = false;
  }

  const state = document.getElementById("connection");
  let source = null;

  function listen() {
    // A browser has six connections to a host: a tab that nobody sees holds none.
    source?.close();
    if (document.hidden) return;
    source = new EventSource("/changes");
    source.onmessage = () => { state.textContent = "live"; refresh(); };
    source.onerror = () => { state.textContent = "not connected"; };
  }

  document.addEventListener("visibilitychange", listen);
  listen();

  const filter = document.getElementById("filter");
  filter?.addEventListener("change", () => filter.requestSubmit());
}
