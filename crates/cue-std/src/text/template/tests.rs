//! Templates, and the texts that cue v0.14.1 makes of them (`None`: it reports an error).

use super::exec::Limits;
use super::*;
use cue_eval::Data;

fn data() -> Value {
    let entry = |name: &str, number: i64| {
        Data::Struct(vec![("n".into(), name.into()), ("v".into(), number.into())])
    };
    let float = |text: &str| {
        let decimal = cue_eval::number::Decimal::parse_text(text).unwrap();
        Data::Number(cue_eval::Number::float(decimal))
    };
    let big: num_bigint::BigInt = "123456789012345678901234567890".parse().unwrap();
    let two = Data::Struct(vec![("z".into(), 2.into())]);
    let list = vec![
        1.into(),
        "two".into(),
        float("3.5"),
        Data::Null,
        vec![1i64, 2].into(),
    ];
    Value::from(Data::Struct(vec![
        ("a".into(), 1.into()),
        ("b".into(), "x".into()),
        ("f".into(), float("1.5")),
        ("t".into(), true.into()),
        ("n".into(), Data::Null),
        ("l".into(), Data::List(list)),
        (
            "m".into(),
            Data::Struct(vec![("k1".into(), "v1".into()), ("k2".into(), two)]),
        ),
        ("by".into(), b"ab\xff".to_vec().into()),
        ("big".into(), Data::Number(big.into())),
        ("ll".into(), Data::List(vec![entry("a", 1), entry("b", 2)])),
    ]))
}

fn text(template: &str, limits: Limits) -> Result<String, String> {
    render(template, &data(), limits)
        .map(into_text)
        .map_err(|error| error.describe(template))
}

#[test]
fn texts_are_those_of_cue() {
    for (template, want) in CASES {
        let got = text(template, Limits::default()).ok();
        assert_eq!(got.as_deref(), *want, "{template}");
    }
}

#[test]
fn whatever_is_endless_ends() {
    let fails = |template: &str, why: &str| {
        let error = text(template, Limits::default()).unwrap_err();
        assert!(error.contains(why), "{template}: {error}");
    };
    fails(
        r#"{{define "f"}}{{template "f" .}}{{end}}{{template "f" .}}"#,
        "nested too deep",
    );
    fails("{{range 9000000000}}{{end}}", "too many steps");
    fails(&"{{if .t}}".repeat(1000), "blocks within each other");
    let doubled = r#"{{define "f"}}{{template "g" .}}{{template "g" .}}{{end}}"#;
    let chain: String = (0..100)
        .map(|at| {
            doubled
                .replace("\"f\"", &format!("\"t{at}\""))
                .replace("\"g\"", &format!("\"t{}\"", at + 1))
        })
        .collect();
    fails(
        &format!(r#"{chain}{{{{define "t100"}}}}x{{{{end}}}}{{{{template "t0" .}}}}"#),
        "too many steps",
    );
    let little = Limits {
        bytes: 100,
        ..Limits::default()
    };
    for template in [r#"{{printf "%1000d" 1}}"#, "{{range 200}}x{{end}}"] {
        let error = text(template, little).unwrap_err();
        assert!(
            error.contains("too much text") || error.contains("too long"),
            "{error}"
        );
    }
}

#[test]
fn errors_tell_their_place() {
    let error = text("a\n  {{.a.x}}", Limits::default()).unwrap_err();
    assert_eq!(error, "template: 2:5: cannot look up `x` in type int64");
}

const CASES: &[(&str, Option<&str>)] = &[
    ("a {{- .a -}} b", Some("a1b")),
    ("a {{- /* note */ -}} b", Some("ab")),
    (r#"{{`raw`}}{{"\x41\u00e9"}}{{'a'}}"#, Some("rawAé97")),
    (
        "{{1e3}} {{0x1F}} {{1.0}} {{2i}} {{-3}}",
        Some("1000 31 1 (0+2i) -3"),
    ),
    (
        "{{.n}} {{.missing}} {{.missing.x}}",
        Some("<no value> <no value> <no value>"),
    ),
    ("{{.n.x}}", None),
    ("{{.a.x}}", None),
    (
        "{{.l}} {{.m}} {{.by}} {{.big}}",
        Some(
            "[1 two 3.5 <nil> [1 2]] map[k1:v1 k2:map[z:2]] [97 98 255] 123456789012345678901234567890",
        ),
    ),
    ("{{if .n}}a{{else if .t}}b{{else}}c{{end}}", Some("b")),
    ("{{with .n}}a{{else with .m}}{{.k1}}{{end}}", Some("v1")),
    ("{{with $x := .m}}{{$x.k2.z}}{{end}}", Some("2")),
    (
        "{{if $x := .n}}{{else if $y := .b}}{{$x}}{{$y}}{{end}}",
        Some("<no value>x"),
    ),
    (
        "{{range $i, $e := .ll}}{{$i}}{{$e.n}}{{$.b}};{{end}}",
        Some("0ax;1bx;"),
    ),
    (
        "{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}",
        Some("k1=v1;k2=map[z:2];"),
    ),
    ("{{range 3}}{{.}}{{else}}none{{end}}", Some("012")),
    ("{{range 0}}x{{else}}none{{end}}", Some("none")),
    (r#"{{range "abc"}}{{end}}"#, None),
    ("{{range $i, $j := 3}}{{end}}", None),
    (
        "{{range $i, $e := .l}}{{if eq $i 1}}{{continue}}{{end}}{{if eq $i 3}}{{break}}{{end}}{{$e}};{{end}}",
        Some("1;3.5;"),
    ),
    (
        "{{range .ll}}{{range $.missing}}{{else}}{{break}}{{end}}y{{end}}",
        Some("yy"),
    ),
    (
        "{{$x := 1}}{{range .ll}}{{$x = .v}}{{end}}{{$x}}",
        Some("2"),
    ),
    (
        "{{$x := 1}}{{if .t}}{{$x := 2}}{{$x}}{{end}}{{$x}}",
        Some("21"),
    ),
    ("{{$x = 1}}", None),
    ("{{$y}}", None),
    (
        r#"{{define "T"}}[{{.}}{{$}}]{{end}}{{template "T" .a}}{{template "T"}}"#,
        Some("[11][<no value><no value>]"),
    ),
    (r#"{{block "T" .a}}1{{end}}{{define "T"}}2{{end}}"#, None),
    (r#"{{define "T"}}1{{end}}{{define "T"}}2{{end}}"#, None),
    (r#"{{define ""}}x{{end}}"#, Some("x")),
    (r#"{{template "none"}}"#, None),
    (r#"{{if .n}}{{template "none"}}{{end}}ok"#, Some("ok")),
    (r#"{{if .t}}{{define "T"}}{{end}}{{end}}"#, None),
    ("{{break}}", None),
    ("{{if .t}}a{{else}}b{{else}}c{{end}}", None),
    ("{{if .t}}a", None),
    ("{{end}}", None),
    ("{{", None),
    (r#"{{"a}}"#, None),
    ("{{.a", None),
    ("{{1 | 2}}", None),
    ("{{nil}}", None),
    ("{{foo}}", None),
    ("{{print (1}}", None),
    (r#"{{.b | printf "%s-%s" "y"}}"#, Some("y-x")),
    ("{{(index .ll 1).n}}", Some("b")),
    (r#"{{"a".b}}"#, None),
    ("{{1 2}}", None),
    (
        "{{and .t .b}} {{or .n .b}} {{and .n (index .l 99)}} {{not .n}}",
        Some("x x <no value> true"),
    ),
    (
        r#"{{eq .a 3 2 1}} {{ne .b "y"}} {{lt .f 2.0}} {{ge .a 1}}"#,
        Some("true true true true"),
    ),
    ("{{eq .a 1.0}}", None),
    ("{{eq .n .missing}} {{eq .l nil}}", Some("true false")),
    ("{{eq .l .l}}", None),
    ("{{eq (index .b 0) 120}}", Some("true")),
    (
        r#"{{index .l 1}} {{index .l 4 1}} {{index .m "k2" "z"}} {{index .m "none"}}"#,
        Some("two 2 2 <no value>"),
    ),
    ("{{index .l 5}}", None),
    ("{{index .m 1}}", None),
    ("{{slice .b 0 1}} {{slice .l 1 3}}", Some("x [two 3.5]")),
    ("{{slice .b 2}}", None),
    ("{{len .l}} {{len .b}} {{len .m}}", Some("5 1 2")),
    ("{{len .a}}", None),
    ("{{call .a}}", None),
    (
        r#"{{print 1 2 "a" "b" 3}}|{{println 1 "a"}}"#,
        Some("1 2ab3|1 a\n"),
    ),
    (
        r#"{{html "<a href='x'>&"}} {{js "it's <b>"}} {{urlquery "a b&c"}}"#,
        Some(r#"&lt;a href=&#39;x&#39;&gt;&amp; it\'s \u003Cb\u003E a+b%26c"#),
    ),
    ("{{html .n}}", Some("&lt;no value&gt;")),
    (
        r#"{{printf "%d|%5d|%-5d|%05d|%+d|%x|%#X|%o|%b|%c|%q|%U" 5 5 5 5 5 255 255 8 5 65 65 65}}"#,
        Some("5|    5|5    |00005|+5|ff|0XFF|10|101|A|'A'|U+0041"),
    ),
    (
        r#"{{printf "%v|%g|%.2f|%8.3e|%G|%#g|%x" 1.5 1e21 3.14159 123456.789 1e-10 1.0 1.5}}"#,
        Some("1.5|1e+21|3.14|1.235e+05|1E-10|1.00000|0x1.8p+00"),
    ),
    (
        r#"{{printf "%s|%q|%x|% X|%.2s|%6s|%-6s|%06s" "hé" "a\"b" "hi" "hi" "abc" "ab" "ab" "ab"}}"#,
        Some(r#"hé|"a\"b"|6869|68 69|ab|    ab|ab    |0000ab"#),
    ),
    (
        r#"{{printf "%v %+v %#v %T %d" .m .ll .l .big .l}}"#,
        Some(
            r#"map[k1:v1 k2:map[z:2]] [map[n:a v:1] map[n:b v:2]] []interface {}{1, "two", 3.5, interface {}(nil), []interface {}{1, 2}} *big.Int [1 %!d(string=two) %!d(float64=3.5) <nil> [1 2]]"#,
        ),
    ),
    (
        r#"{{printf "%d %s %t" "a" 1 nil}}"#,
        Some("%!d(string=a) %!s(int=1) %!t(<nil>)"),
    ),
    (
        r#"{{printf "%d"}} {{printf "%d" 1 2}} {{printf "%[2]d %[1]d" 1 2}} {{printf "%[3]d" 1}} {{printf "%*d" 4 1}} {{printf "%!"}} {{printf "%"}}"#,
        Some("%!d(MISSING) 1%!(EXTRA int=2) 2 1 %!d(BADINDEX)    1 %!!(MISSING) %!(NOVERB)"),
    ),
    (
        r#"{{printf "%s %x %v" .by .by .by}} {{printf "%+d %x" .big .big}}"#,
        Some("ab� 6162ff [97 98 255] +123456789012345678901234567890 18ee90ff6c373e0ee4e3f0ad2"),
    ),
    ("{{printf .a}}", None),
];
