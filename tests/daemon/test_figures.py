"""What is told to Prometheus can be read by it: by a reader of the format as it is written down."""

import re

from hypothesis import given
from hypothesis import strategies as st

from crawler.meters.figures import Family, Histogram, counter, exposed, gauge

LINE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def read(text):
    """{(name, labels): value} and {family: kind}; anything that isn't of the format fails."""
    samples, kinds = {}, {}
    for line in text.split("\n")[:-1]:
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in kinds
            kinds[name] = kind
        elif not line.startswith("# HELP "):
            found = LINE.fullmatch(line)
            assert found, line
            labels = {name: re.sub(r"\\.", lambda m: UNESCAPED[m[0]], value) for name, value in LABEL.findall(found[2] or "")}
            key = (found[1], tuple(sorted(labels.items())))
            assert key not in samples
            samples[key] = float(found[3])
            assert found[1] in kinds or re.sub("_(bucket|sum|count)$", "", found[1]) in kinds
    assert text == "" or text.endswith("\n")
    return samples, kinds


@given(st.dictionaries(st.text(), st.floats(allow_nan=False), max_size=5))
def test_whatever_a_label_says_it_is_read_back(values):
    samples, _ = read(exposed([counter("warraq_x_total", 'a "b" \\ \n c', values, "of")]))
    read_back = {labels[0][1]: value for (_, labels), value in samples.items()}
    assert read_back.keys() == values.keys()
    assert all(abs(read_back[key] - value) <= abs(value) * 1e-12 for key, value in values.items() if abs(value) < 1e300)


def test_a_family_without_a_sample_is_left_out():
    assert exposed([gauge("warraq_y", "nothing", {}, "of")]) == ""


def test_a_single_value_has_no_label():
    assert exposed([gauge("warraq_y", "one", 3)]) == "# HELP warraq_y one\n# TYPE warraq_y gauge\nwarraq_y 3\n"


@given(st.lists(st.floats(min_value=0, max_value=100)))
def test_a_histogram_counts_everything_once_and_its_buckets_rise(values):
    seen = Histogram([0.1, 1, 10])
    for value in values:
        seen.add(value)
    family = Family(name="h", kind="histogram", text="h", samples=tuple(seen.samples({"stage": "x"})))
    samples, kinds = read(exposed([family]))
    assert kinds == {"h": "histogram"}
    buckets = [samples["h_bucket", (("le", bound), ("stage", "x"))] for bound in ("0.1", "1", "10", "+Inf")]
    assert buckets == [sum(value <= bound for value in values) for bound in (0.1, 1, 10, 1000)]
    assert samples["h_count", (("stage", "x"),)] == len(values)
    assert abs(samples["h_sum", (("stage", "x"),)] - sum(values)) < 1e-6
