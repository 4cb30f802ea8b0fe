// What Chromium made of a page, measured: an object of functions that a test calls by name.
(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});

  // Any colour that CSS can write, as [red, green, blue, opacity].
  const rgba = (colour, opacity = 1) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, (alpha / 255) * opacity];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((value, i) => value * a + below[i] * (1 - a));

  const opacity = (element) => {
    let product = 1;
    for (let up = element; up; up = up.parentElement) product *= +getComputedStyle(up).opacity;
    return product;
  };
  // The paint of a shape or a text, "fill" or "stroke", or null where there is none.
  const paint = (element, kind) => {
    const style = getComputedStyle(element);
    if (style[kind] === "none" || (kind === "stroke" && parseFloat(style.strokeWidth) === 0)) return null;
    const painted = rgba(style[kind], style[`${kind}Opacity`] * opacity(element));
    return painted[3] ? painted : null;
  };
  const paper = () => {
    const [root, body] = [document.documentElement, document.body].map((e) => rgba(getComputedStyle(e).backgroundColor));
    return over(body, over(root, [255, 255, 255]));
  };
  // The colour behind an element at a point of the window.
  const behind = (element, x, y) => {
    const stack = document.elementsFromPoint(x, y);
    const below = stack.slice(stack.indexOf(element) + 1);
    return below.reverse().reduce((colour, other) => {
      const painted = other.ownerSVGElement ? paint(other, "fill") : rgba(getComputedStyle(other).backgroundColor);
      return painted ? over(painted, colour) : colour;
    }, paper());
  };

  const named = (element) => {
    const name = element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "");
    return `<${name}> ${element.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}`;
  };
  const shown = (element) => element.checkVisibility({checkOpacity: true, visibilityProperty: true, contentVisibilityAuto: true});
  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const scrolled = (element) => element && (scrolls(element) || scrolled(element.parentElement));
  const pictures = () => [...document.querySelectorAll("svg")].filter((svg) => !svg.ownerSVGElement && shown(svg));
  const drawn = (svg, kinds) => [...svg.querySelectorAll(kinds)].filter((e) => !e.closest("defs, clipPath") && shown(e));
  const box = (element) => {
    const {left, top, right, bottom} = element.getBoundingClientRect();
    return {left, top, right, bottom};
  };

  const stops = () => [...document.querySelectorAll("a[href], summary, [tabindex]:not(main)")];
  const words = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found.filter((word) => word.data.trim() && !word.parentElement.closest("style, title, desc, metadata, defs"));
  };

  return {
    // Elements that reach beyond the window, and those that cut what they hold. What scrolls may be wider, but not on paper.
    wider() {
      const paper = matchMedia("print").matches;
      const sticksOut = (element) =>
        element.getBoundingClientRect().right > innerWidth + 0.5 && (paper || !scrolled(element.parentElement));
      const cuts = (element) =>
        (paper || !scrolls(element)) && getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
      const elements = [...document.body.querySelectorAll("*:not(svg *)")].filter(shown);
      const found = elements.filter((element) => sticksOut(element) || cuts(element)).map(named);
      return document.documentElement.scrollWidth > innerWidth ? ["the page", ...found] : found;
    },

    // The texts of each picture: where, how large, in which colour on which.
    texts() {
      return pictures().map((svg) => ({
        picture: box(svg),
        texts: drawn(svg, "text").filter((text) => text.textContent.trim()).map((text) => {
          text.scrollIntoView({block: "center", behavior: "instant"});
          const matrix = text.getScreenCTM();
          const at = box(text);
          const y = (at.top + at.bottom) / 2;
          const places = [1, 2, 3].map((part) => at.left + ((at.right - at.left) * part) / 4);
          const grounds = places.map((x) => behind(text, x, y));
          const colour = paint(text, "fill");
          const home = box(svg);
          return {
            text: text.textContent.trim(),
            size: parseFloat(getComputedStyle(text).fontSize) * Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c)),
            colours: grounds.map((ground) => [colour ? over(colour, ground) : ground, ground]),
            box: {left: at.left - home.left, top: at.top - home.top, right: at.right - home.left, bottom: at.bottom - home.top},
          };
        }),
      }));
    },

    // The colours of lines and marks in each picture, and its ground; not those of the grid, and nothing see-through.
    marks() {
      const ground = paper();
      const grid = rgba(getComputedStyle(document.documentElement).getPropertyValue("--grid")).slice(0, 3);
      return pictures().map((svg) => {
        const shapes = drawn(svg, "path, line, rect, circle, ellipse, polygon, polyline, use");
        const paints = shapes.flatMap((shape) => ["fill", "stroke"].map((kind) => paint(shape, kind)));
        const opaque = paints.filter((painted) => painted && painted[3] > 0.9).map((painted) => over(painted, ground));
        const colours = [...new Set(opaque.map((colour) => colour.map(Math.round).join()))];
        return {ground, colours: colours.filter((colour) => colour !== grid.join()).map((colour) => colour.split(",").map(Number))};
      });
    },

    // References by id that lead nowhere, and ids that are there twice.
    references() {
      const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
      const used = [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes].flatMap(({name, value}) => {
        if (name === "href" || name === "xlink:href") return [value.startsWith("#") ? decodeURIComponent(value.slice(1)) : value];
        if (/^(aria-(labelledby|describedby|controls|details)|for|headers)$/.test(name)) return value.split(/\s+/);
        return [...value.matchAll(/url\(["']?#([^"')]+)/g)].map((found) => found[1]);
      }));
      return {
        missing: [...new Set(used)].filter((id) => !ids.includes(id)),
        twice: [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))],
      };
    },

    headings() {
      return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => [+heading.tagName[1], heading.textContent.trim()]);
    },

    // Texts that are on the page and cannot be seen; who holds paper has no use for links to its parts.
    unseen() {
      const left = matchMedia("print").matches ? "a.skip, nav" : "a.skip";
      return words().map((word) => word.parentElement).filter((parent) => !shown(parent) && !parent.closest(left)).map(named);
    },

    words() {
      return words().map((word) => word.data.trim());
    },

    // Words from right to left, or what changes the direction of writing, that are not kept apart from what stands beside.
    turned() {
      const apart = (element, word) => {
        if (element.textContent.trim() !== word.data.trim()) return false;
        const style = getComputedStyle(element);
        const alone = element.tagName === "text" || style.display !== "inline";
        return alone || /isolate|plaintext/.test(style.unicodeBidi) || apart(element.parentElement, word);
      };
      const controls = /[\u202a-\u202e\u2066-\u2069\u200e\u200f]/;
      return words()
        .filter((word) => controls.test(word.data) || (/[\u0590-\u08ff]/.test(word.data) && !apart(word.parentElement, word)))
        .map((word) => named(word.parentElement));
    },

    // Which of the places that take the focus can be seen.
    stops() {
      return [...stops().keys()].filter((place) => shown(stops()[place]));
    },

    // What has the focus: how it is called, where it is, and whether one sees that it has it.
    focused() {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const at = box(element);
      return {
        name: named(element),
        place: stops().indexOf(element),
        classes: element.className,
        inMain: !!element.closest("#main"),
        outlined: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
        inWindow: shown(element) && at.right > at.left && at.left >= 0 && at.right <= innerWidth && at.bottom > 0 && at.top < innerHeight,
      };
    },
  };
})()
