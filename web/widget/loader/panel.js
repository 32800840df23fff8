// Entry of widget.js: the shell's second half, wasm-bindgen's glue and the panel's styles. A classic script on
// purpose: it can be inserted again after a failed download, and `integrity` on its tag is always enforced.
import init, { mount } from "perch:glue";
import css from "perch:css/panel";

customElements.get("perch-chat").panel = {
  css,
  async start(wasm) {
    await init({ module_or_path: wasm });
    return attach;
  },
};

/** Mounts the wasm panel into the shell of `host`; the handle is what the loader talks to. */
function attach(host, options) {
  const root = host.shadowRoot;
  const [launcher, dialog, area] = [".launcher", "dialog", "textarea"].map((name) => root.querySelector(name));
  const { dataset } = host;
  const gone = new AbortController();
  const on = (target, type, listener) => target.addEventListener(type, listener, { signal: gone.signal });

  area.enterKeyHint = "send";

  // Keys typed here are nobody else's: a page's own shortcuts cannot see that this is a text field.
  for (const type of ["keydown", "keypress", "keyup"]) on(dialog, type, (event) => event.stopPropagation());

  on(dialog, "cancel", (event) => {
    event.preventDefault();
    host.close();
  });

  // An on-screen keyboard shrinks the visual viewport only.
  const fit = () => {
    dialog.style.setProperty("--top", `${visualViewport.offsetTop}px`);
    dialog.style.setProperty("--height", `${visualViewport.height}px`);
  };
  fit();
  on(visualViewport, "resize", fit);
  on(visualViewport, "scroll", fit);

  on(matchMedia("(max-width: 480px)"), "change", () => {
    if (!dialog.open) return;
    dialog.close();
    host.place();
  });

  if (!CSS.supports("field-sizing", "content")) {
    on(area, "input", () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    });
  }

  const name = launcher.ariaLabel;
  const badge = launcher.appendChild(document.createElement("b"));
  const count = (unread) => {
    badge.hidden = !unread;
    badge.textContent = unread;
    launcher.ariaLabel = unread ? `${name} (${unread})` : name;
  };
  count(0);

  // What the page says of itself goes before what the site's owner says of all pages.
  const dress = ({ mode, accentDark, position }) => {
    if (mode !== "auto") dataset.theme ??= mode;
    if (position) dataset.position ??= position;
    const dark = dataset.theme ? dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    if (dark && !dataset.accent) host.paint(accentDark);
  };

  // The provider's script runs in a page of the edge, in a frame; nothing of it is loaded before.
  const check = (url, label) =>
    new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.className = "check";
      frame.title = label;
      frame.src = url;
      const finish = (answer) => {
        removeEventListener("message", hear);
        frame.remove();
        done(answer);
      };
      const hear = ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== options.edge || data?.perch !== "check") return;
        if (data.interactive) frame.classList.add("shown");
        else finish(data.token);
      };
      on(window, "message", hear);
      gone.signal.addEventListener("abort", () => finish());
      root.querySelector("form").before(frame);
    });

  const panel = mount(root, {
    ...options,
    site: dataset.site,
    agent: dataset.agent,
    // A page may know its visitor later than this script.
    get context() {
      return dataset.context;
    },
    check,
    emit(name, detail) {
      if (name === "unread") count(detail);
      else if (name === "theme") dress(detail);
      else if (name === "accent") host.paint(dataset.accent ?? detail);
      else host.emit(name, detail);
    },
  });
  panel.shown(dialog.open);
  return {
    send: (text) => panel.send(text),
    end: () => panel.end(),
    shown: (open) => panel.shown(open),
    unmount() {
      gone.abort();
      panel.free();
    },
  };
}
