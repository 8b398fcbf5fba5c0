"""Many states of one drawing as a base and what differs from it."""

from .drawing import to_text


def encode(states):
    """The base, and the places where the states differ from one another.

    Parameters
    ----------
    states : list of xml.etree.ElementTree.Element
        Trees from `drawing.svg`, one for every state.

    Returns
    -------
    base : str
        The first state's SVG.
    places : list of [element, attribute, values, choices]
        `element` counts the elements of the base in document order; `attribute` is a name, or
        ``"#"`` for the text and ``"<"`` for everything inside; state number k has
        ``values[choices[k]]`` there, None for an attribute it lacks.
    """
    places = []
    order = {id(element): number for number, element in enumerate(states[0].iter())}

    def add(element, attribute, of_each):
        values = list(dict.fromkeys(of_each))
        if len(values) > 1:
            index = {value: number for number, value in enumerate(values)}
            places.append([order[id(element)], attribute, values, [index[value] for value in of_each]])

    def walk(same):
        first = same[0]
        for name in dict.fromkeys(name for element in same for name in element.attrib):
            add(first, name, [element.get(name) for element in same])
        if len({tuple(child.tag for child in element) for element in same}) > 1:
            add(first, "<", ["".join(map(to_text, element)) for element in same])
            return
        if first.tag == "text":
            add(first, "#", [element.text or "" for element in same])
        for children in zip(*same, strict=True):
            walk(children)

    walk(states)
    return to_text(states[0]), places
