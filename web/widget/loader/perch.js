// The loader: launcher, panel frame and composer in plain JavaScript. Everything else is wasm, fetched when
// the visitor shows intent; before that nothing is fetched and nothing stored.
// web/build.mjs fills in the PERCH_* names and the `perch:` import.
import css from "perch:css/shell";

const script = document.currentScript;
const edge = new URL(script.src).origin;
const fullScreen = matchMedia("(max-width:480px)");

// close | placeholder | send | failure | retry
const LABELS = {
  en: "Close chat|Write a message|Send|The chat could not be loaded.|Try again",
  es: "Cerrar chat|Escribe un mensaje|Enviar|No se pudo cargar el chat.|Reintentar",
  fr: "Fermer le chat|Écrivez un message|Envoyer|Le chat n’a pas pu être chargé.|Réessayer",
  de: "Chat schließen|Nachricht schreiben|Senden|Der Chat konnte nicht geladen werden.|Erneut versuchen",
};

const icon = (path) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
const SHELL = `<button class="launcher" aria-controls="panel">${
  icon("M20 15a3 3 0 0 1-3 3H9l-5 4V7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3z")
}</button><dialog id="panel" aria-labelledby="title" tabindex="-1"><div class="bar"><div class="title" id="title"></div><div class="menu"></div><button class="icon close">${
  icon("M6 6l12 12M18 6L6 18")
}</button></div><div class="body"></div><form><textarea rows="1"></textarea><button class="icon send">${
  icon("M12 20V5M5 12l7-7 7 7")
}</button></form></dialog>`;

const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};
const styles = [sheet(css)];

// One download serves every element of the page. A failed one is forgotten, so that it can be tried again;
// the script is a classic one because a failed module would stay failed.
let loading;
const load = () =>
  (loading ??= Promise.all([
    fetch(`${edge}/widget/${PERCH_HASH}/widget_bg.wasm`, { integrity: PERCH_WASM_INTEGRITY }),
    new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = `${edge}/widget/${PERCH_HASH}/widget.js`;
      tag.integrity = PERCH_JS_INTEGRITY;
      tag.crossOrigin = "";
      tag.nonce = script.nonce;
      tag.onload = resolve;
      tag.onerror = reject;
      document.head.append(tag);
    }),
  ]).then(([wasm]) => {
    const { css, start } = PerchChat.panel;
    styles[1] ??= sheet(css);
    return start(wasm);
  })).catch((error) => {
    loading = undefined;
    throw error;
  });

// Whether the visitor left the panel open ("1") or closed ("0") in this tab. Storage may be refused
// (privacy settings, sandboxed frames); the chat works without.
const remembered = (site, value) => {
  const key = "perch:" + site;
  try {
    return value ? (sessionStorage[key] = value) : sessionStorage[key];
  } catch {}
};

class PerchChat extends HTMLElement {
  #find; // one element of the shell by selector; set while the shell stands
  #labels;
  #lang;
  #panel; // the wasm half, once mounted
  #queue = []; // sent before the wasm half was there
  #theme = new CSSStyleSheet();

  connectedCallback() {
    if (this.#find) return; // moved within the page
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const { accent, label, lang, open, site } = this.dataset;
    root.innerHTML = SHELL;
    this.#find = (name) => root.querySelector(name);
    this.#lang = lang || document.documentElement.lang || navigator.language;
    this.#labels = (LABELS[this.#lang.slice(0, 2)] ?? LABELS.en).split("|");
    this.#dress();
    this.paint(accent);
    this.#wire(label);
    const known = remembered(site);
    // On a phone the panel covers the page: whoever followed a link wants to see where it leads.
    if (known ? known > 0 && !fullScreen.matches : open == "true") this.#show();
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#panel?.unmount();
      this.#panel = this.#find = undefined;
    });
  }

  open() {
    remembered(this.dataset.site, "1");
    this.#show();
    // A keyboard that pops up would hide the greeting, so full screen focuses the dialog itself.
    this.#find(fullScreen.matches ? "dialog" : "textarea").focus();
  }

  close() {
    remembered(this.dataset.site, "0");
    this.#find("dialog").close();
    this.#expanded(false);
    this.#find("button").focus();
  }

  endSession() {
    this.#panel?.end();
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent("perch:" + name, { detail, bubbles: true, composed: true }));
  }

  /** Takes `#rrggbb` as accent, with black or white on it, whichever can be read better. */
  paint(accent) {
    if (!/^#[\da-f]{6}$/i.test(accent)) return;
    const light = [0.2126, 0.7152, 0.0722].reduce(
      (sum, weight, at) => sum + weight * parseInt(accent.substr(1 + 2 * at, 2), 16) ** 2.2,
      0,
    );
    this.#theme.replaceSync(
      `:host{--perch-accent:${accent};--perch-on-accent:${light > 35e3 ? "#000" : "#fff"}}`,
    );
  }

  /** Full screen is modal. Otherwise page and panel live side by side, and the focus stays where it is. */
  place() {
    const panel = this.#find("dialog");
    if (fullScreen.matches) panel.showModal();
    else panel.open = true;
  }

  #wire(label = "") {
    const [launcher, panel, title, close, area, send] = [
      "button", "dialog", ".title", ".close", "textarea", ".send",
    ].map(this.#find);
    const [closing, placeholder, sending] = this.#labels;
    launcher.ariaExpanded = false;
    launcher.ariaLabel = label || "Chat";
    launcher.append(label);
    title.textContent = "Chat";
    close.ariaLabel = closing;
    area.ariaLabel = area.placeholder = placeholder;
    send.ariaLabel = sending;

    launcher.onpointerenter = launcher.onfocus = launcher.ontouchstart = () => {
      if (!navigator.connection?.saveData) load().catch(() => {});
    };
    launcher.onclick = () => (panel.open ? this.close() : this.open());
    close.onclick = () => this.close();
    panel.onkeydown = (event) => {
      if (event.defaultPrevented) return;
      if (event.key == "Escape") this.close();
      else if (event.key != "Enter" || event.shiftKey || event.isComposing || event.target != area) return;
      else this.#send();
      event.preventDefault();
    };
    this.#find("form").onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
  }

  #dress() {
    this.shadowRoot.adoptedStyleSheets = [...styles, this.#theme];
  }

  #show() {
    if (this.#find("dialog").open) return;
    this.place();
    this.#expanded(true);
    if (!this.#panel) this.#mount();
  }

  #expanded(open) {
    this.#find("button").ariaExpanded = open;
    this.#panel?.shown(open);
    this.emit(open ? "open" : "close");
  }

  async #mount() {
    const body = this.#find(".body");
    try {
      const mount = await load();
      if (this.#panel || !body.isConnected) return;
      this.#dress();
      body.replaceChildren();
      this.#panel = mount(this, { edge, lang: this.#lang, queue: this.#queue.splice(0) });
    } catch (error) {
      console.error(error);
      body.innerHTML += `<div class="note" role="alert">${this.#labels[3]} <button>${this.#labels[4]}</button></div>`;
      body.querySelector("button").onclick = () => {
        body.lastChild.remove();
        this.#mount();
      };
    }
  }

  #send() {
    const area = this.#find("textarea");
    const text = area.value.trim();
    if (!text) return;
    if (!this.#panel) {
      const waiting = document.createElement("p");
      waiting.textContent = text;
      this.#find(".body").append(waiting);
      this.#queue.push(text);
    } else if (!this.#panel.send(text)) return;
    area.value = "";
    area.dispatchEvent(new Event("input"));
  }
}

if (!customElements.get("perch-chat")) customElements.define("perch-chat", PerchChat);

// Beside <body>, not in it: pages that swap their body on navigation keep the chat, and no transform or
// overflow of the body reaches it.
const place = () => {
  const { site } = script.dataset;
  if (!site || document.querySelector(`perch-chat[data-site="${CSS.escape(site)}"]`)) return;
  const chat = document.createElement("perch-chat");
  Object.assign(chat.dataset, script.dataset);
  document.documentElement.append(chat);
};
if (document.readyState == "loading") addEventListener("DOMContentLoaded", place);
else place();
