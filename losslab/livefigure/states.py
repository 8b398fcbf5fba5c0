"""Many states of one drawing as a base and what differs from it."""

from .drawing import element, to_text


def encode(states):
    """The first state whole, and the places where the states differ from one another.

    Parameters
    ----------
    states : list of xml.etree.ElementTree.Element
        Trees from `drawing.svg`, one for every state. Groups are put round children that only
        some of the states have.

    Returns
    -------
    dict
        ``svg``: the first state's text. ``places``: lists of [element, attribute, values, pattern];
        `element` counts the elements of the first state in document order, `attribute` is a name,
        or ``"#"`` for the text and ``"<"`` for everything inside. State number k has the value
        ``values[patterns[pattern][k]]`` there, None for an attribute it lacks.
    """
    found = []
    _walk(states, found)
    number = {id(node): count for count, node in enumerate(states[0].iter())}
    patterns, places = {}, []
    for node, attribute, of_each in found:
        values = list(dict.fromkeys(of_each))
        index = {value: count for count, value in enumerate(values)}
        pattern = tuple(index[value] for value in of_each)
        places.append(
            [number[id(node)], attribute, values, patterns.setdefault(pattern, len(patterns))]
        )
    return {"svg": to_text(states[0]), "places": places, "patterns": list(patterns)}


def _walk(same, found):
    """Note where the nodes in `same`, one from every state, differ."""

    def note(attribute, of_each):
        if len(set(of_each)) > 1:
            found.append((same[0], attribute, of_each))

    for name in dict.fromkeys(name for node in same for name in node.attrib):
        note(name, [node.get(name) for node in same])
    note("#", [node.text or "" for node in same])
    if not _group_what_differs(same):
        note("<", ["".join(map(to_text, node)) for node in same])
        return
    for children in zip(*same, strict=True):
        _walk(children, found)


def _group_what_differs(same):
    """Put a group round the children between those that all nodes have; False if none are."""
    tags = [[child.tag for child in node] for node in same]
    if all(these == tags[0] for these in tags):
        return True
    before = _common(tags)
    after = _common([these[before:][::-1] for these in tags])
    if before + after == 0 or same[0].tag not in ("svg", "g"):
        return False
    for node in same:
        end = len(node) - after
        group = element("g")
        group.extend(node[before:end])
        node[before:end] = [group]
    return True


def _common(sequences):
    """How many first items all sequences share."""
    count = 0
    for items in zip(*sequences, strict=False):
        if len(set(items)) > 1:
            break
        count += 1
    return count
