((root, data) => {
  const picture = root.querySelector(".lf-picture");
  picture.innerHTML = data.svg;
  const svg = picture.firstChild;
  svg.setAttribute("role", "img");
  const show = (state) => {
    svg.setAttribute("aria-label", data.alt[state]);
    for (const [element, attribute, values, choices] of data.places || []) {
      const node = nodes[element], value = values[choices[state]];
      if (attribute === "#") node.textContent = value;
      else if (attribute === "<") node.innerHTML = value;
      else if (value === null) node.removeAttribute(attribute);
      else node.setAttribute(attribute, value);
    }
  };
  const nodes = [svg, ...svg.querySelectorAll("*")];
  const controls = root.querySelector(".lf-controls");
  const inputs = (data.sliders || []).map((slider) => {
    const label = document.createElement("label"), input = document.createElement("input"), output = document.createElement("output");
    input.type = "range";
    input.max = slider.texts.length - 1;
    input.value = slider.start;
    label.append(slider.label, input, output);
    controls.append(label);
    input.oninput = update;
    return input;
  });
  function update() {
    let state = 0;
    data.sliders.forEach((slider, i) => {
      state = state * slider.texts.length + +inputs[i].value;
      inputs[i].nextSibling.value = slider.texts[inputs[i].value];
    });
    show(state);
  }
  if (inputs.length) update(); else show(0);
})(document.currentScript.parentNode, DATA);
