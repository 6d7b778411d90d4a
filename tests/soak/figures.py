"""What a long run has measured, as one table of Markdown."""


def tell(**figures: object) -> None:
    """Print figures by their names."""
    rows = (figures, ["---"] * len(figures), figures.values())
    text = "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)
    print(f"\n{text}")  # noqa: T201 figures are what a long run is for
