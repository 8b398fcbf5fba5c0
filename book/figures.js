/* A figure of the course on a page of the site: its drawing is in the page, in the state it starts
   with, and the states of a large one are loaded when the reader comes near. */
var livefigure = (() => {
  const start = CORE;
  const waiting = {};

  const figure = (root, name, data, address) => {
    start(root, name, data);
    if (!address) return;
    const controls = root.querySelectorAll("input, .lf-play");
    for (const control of controls) control.disabled = true;
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      waiting[name] = (states) => {
        Object.assign(data, states);
        for (const control of controls) control.disabled = false;
        for (const input of root.querySelectorAll("input:checked, input[type=range]")) (input.oninput || input.onchange)();
      };
      document.head.append(Object.assign(document.createElement("script"), { src: address }));
    }, { rootMargin: "1000px" }).observe(root);
  };

  figure.states = (name, states) => waiting[name](states);
  return figure;
})();
