((root, data) => {
  const make = (tag, properties, ...content) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...content);
    return element;
  };

  // Ids must be this figure's own on a page with many.
  const name = "lf" + Math.random().toString(36).slice(2, 10);
  const own = (text) => text.replace(/(^|id="|#)~/g, `$1${name}-`);

  const picture = root.querySelector(".lf-picture");
  picture.innerHTML = own(data.svg);
  const svg = picture.firstElementChild;
  const elements = [svg, ...svg.querySelectorAll("*")];
  svg.setAttribute("role", "img");

  const controls = data.controls;
  const chosen = controls.map((control) => control.start);
  const controlled = [];

  const draw = () => {
    const state = controls.reduce((sum, control, i) => sum * control.texts.length + chosen[i], 0);
    for (const [number, attribute, values, pattern] of data.places) {
      const element = elements[number];
      const value = values[data.patterns[pattern][state]];
      if (attribute === "#") {
        if (element.textContent !== value) element.textContent = value;
      } else if (attribute === "<") {
        const inside = own(value);
        if (element.lfInside !== inside) element.innerHTML = element.lfInside = inside;
      } else if (value === null) element.removeAttribute(attribute);
      else if (element.getAttribute(attribute) !== own(value)) element.setAttribute(attribute, own(value));
    }
    const alt = data.alt[state];
    svg.setAttribute("aria-label", alt);
    controls.forEach((control, i) => controlled[i](control.texts[chosen[i]], alt));
  };

  const move = (i, index) => {
    chosen[i] = index;
    draw();
  };

  const radios = (control, i) => {
    const inputs = control.texts.map((text, index) =>
      make("input", { type: "radio", name: `${name}-choice-${i}`, checked: index === chosen[i], onchange: () => move(i, index) }));
    controlled[i] = () => {};
    return make("fieldset", { className: "lf-row" }, make("legend", {}, control.label),
      ...inputs.map((input, index) => make("label", {}, input, control.texts[index])));
  };

  const range = (control, i) => {
    const last = control.texts.length - 1;
    const id = `${name}-slider-${i}`;
    const input = make("input", { type: "range", id, min: 0, max: last, step: 1, value: chosen[i] });
    const value = make("span", { className: "lf-value" });
    value.style.minWidth = Math.max(...control.texts.map((text) => text.length)) + "ch";
    value.setAttribute("aria-hidden", "true");
    const row = make("div", { className: "lf-row" }, make("label", { htmlFor: id }, control.label), input, value);
    controlled[i] = (text, alt) => {
      input.value = chosen[i];
      value.textContent = text;
      input.setAttribute("aria-valuetext", alt.includes(text) ? alt : `${text}: ${alt}`);
    };
    let stop = () => {};
    input.oninput = () => {
      stop();
      move(i, +input.value);
    };
    if (control.play) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)");
      const button = make("button", { type: "button", className: "lf-play" });
      let timer = 0;
      const face = () => (button.textContent = timer ? "Pause" : calm.matches ? "Step" : "Play");
      const next = () => {
        if (!root.isConnected || chosen[i] === last) stop();
        else move(i, chosen[i] + 1);
      };
      stop = () => {
        clearInterval(timer);
        timer = 0;
        face();
      };
      button.onclick = () => {
        if (timer) return stop();
        if (chosen[i] === last) move(i, 0);
        else next();
        if (!calm.matches) timer = setInterval(next, Math.min(400, Math.max(60, 4000 / last)));
        face();
      };
      calm.onchange = stop;
      face();
      row.append(button);
    }
    return row;
  };

  root.append(...controls.map((control, i) => (control.choice ? radios : range)(control, i)));

  const save = make("button", { type: "button", className: "lf-save" }, "Save as SVG");
  save.onclick = () => {
    const copy = svg.cloneNode(true);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ");
    copy.setAttribute("width", width + "pt");
    copy.setAttribute("height", height + "pt");
    const text = new XMLSerializer().serializeToString(copy)
      .replace(/var\(--[^,]+,(#\w+)\)/g, "$1")
      .replaceAll("currentColor", "#000");
    const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    const link = make("a", { href: url, download: (root.closest("figure[id]") || { id: "figure" }).id + ".svg" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  root.append(save);
  draw();
})(document.currentScript.parentNode, DATA);
