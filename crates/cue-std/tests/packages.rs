//! The packages against the reference: expressions and what cue v0.14.1 makes of them.
//!
//! `tests/packages/*.txt`: a line with an expression, a line with its value in the form of
//! `cue dump`, behind a tab. An error is `hard`, or `soft` where more information might mend it.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use cue_eval::builtin::Builtins as _;
use cue_eval::{Budget, FileScope, Instance, SourceFile, eval, lower};
use cue_std::Standard;
use serde_json::{Value, json};
use source_vocab::SourceMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// All packages of cue v0.14.1 outside of `tool`, with the names that they export.
const PACKAGES: &[(&str, &str)] = &[
    ("crypto/ed25519", "PublicKeySize Valid"),
    (
        "crypto/hmac",
        "MD5 SHA1 SHA224 SHA256 SHA384 SHA512 SHA512_224 SHA512_256 Sign",
    ),
    ("crypto/md5", "Size BlockSize Sum"),
    ("crypto/sha1", "Size BlockSize Sum"),
    ("crypto/sha256", "Size Size224 BlockSize Sum256 Sum224"),
    (
        "crypto/sha512",
        "Size Size224 Size256 Size384 BlockSize Sum512 Sum384 Sum512_224 Sum512_256",
    ),
    ("encoding/base64", "EncodedLen DecodedLen Encode Decode"),
    ("encoding/csv", "Encode Decode"),
    ("encoding/hex", "EncodedLen DecodedLen Decode Dump Encode"),
    (
        "encoding/json",
        "Valid Compact Indent HTMLEscape Marshal MarshalStream UnmarshalStream Unmarshal \
         Validate",
    ),
    ("encoding/toml", "Marshal Unmarshal"),
    (
        "encoding/yaml",
        "Marshal MarshalStream Unmarshal UnmarshalStream Validate ValidatePartial",
    ),
    ("html", "Escape Unescape"),
    (
        "list",
        "Drop FlattenN Repeat Concat Take Slice Reverse MinItems MaxItems UniqueItems \
         Contains MatchN Avg Max Min Product Range Sum Sort SortStable SortStrings IsSorted \
         IsSortedStrings Comparer Ascending Descending",
    ),
    (
        "math",
        "MaxExp MinExp MaxPrec ToNearestEven ToNearestAway ToZero AwayFromZero ToNegativeInf \
         ToPositiveInf Below Exact Above Jacobi MaxBase Floor Ceil Trunc Round RoundToEven \
         MultipleOf Abs Acosh Asin Acos Asinh Atan Atan2 Atanh Cbrt E Pi Phi Sqrt2 SqrtE \
         SqrtPi SqrtPhi Ln2 Log2E Ln10 Log10E Copysign Dim Erf Erfc Erfinv Erfcinv Exp Exp2 \
         Expm1 Gamma Hypot J0 Y0 J1 Y1 Jn Yn Ldexp Log Log10 Log2 Log1p Logb Ilogb Mod Pow \
         Pow10 Remainder Signbit Cos Sin Sinh Cosh Sqrt Tan Tanh",
    ),
    ("math/bits", "Lsh Rsh At Set And Or Xor Clear OnesCount Len"),
    (
        "net",
        "SplitHostPort JoinHostPort FQDN IPv4len IPv6len ParseIP IPv4 IPv6 IP IPCIDR \
         LoopbackIP MulticastIP InterfaceLocalMulticastIP LinkLocalMulticastIP \
         LinkLocalUnicastIP GlobalUnicastIP UnspecifiedIP ToIP4 ToIP16 IPString PathEscape \
         PathUnescape QueryEscape QueryUnescape URL AbsURL",
    ),
    (
        "path",
        "Split SplitList Join Match Clean ToSlash FromSlash Ext Resolve Rel Base Dir IsAbs \
         VolumeName Unix Windows Plan9",
    ),
    (
        "regexp",
        "Find FindAll FindAllNamedSubmatch FindAllSubmatch FindNamedSubmatch FindSubmatch \
         ReplaceAll ReplaceAllLiteral Valid Match QuoteMeta",
    ),
    (
        "strconv",
        "Unquote ParseBool FormatBool ParseFloat IntSize ParseUint ParseInt Atoi FormatFloat \
         FormatUint FormatInt Quote QuoteToASCII QuoteToGraphic QuoteRune QuoteRuneToASCII \
         QuoteRuneToGraphic IsPrint IsGraphic",
    ),
    (
        "strings",
        "ByteAt ByteSlice Runes MinRunes MaxRunes ToTitle ToCamel SliceRunes Compare Count \
         Contains ContainsAny LastIndex IndexAny LastIndexAny SplitN SplitAfterN Split \
         SplitAfter Fields Join HasPrefix HasSuffix Repeat ToUpper ToLower Trim TrimLeft \
         TrimRight TrimSpace TrimPrefix TrimSuffix Replace Index",
    ),
    ("struct", "MinFields MaxFields"),
    ("text/tabwriter", "Write"),
    ("text/template", "Execute HTMLEscape JSEscape"),
    (
        "time",
        "Nanosecond Microsecond Millisecond Second Minute Hour Duration FormatDuration \
         ParseDuration ANSIC UnixDate RubyDate RFC822 RFC822Z RFC850 RFC1123 RFC1123Z RFC3339 \
         RFC3339Nano RFC3339Date Kitchen Kitchen24 January February March April May June July \
         August September October November December Sunday Monday Tuesday Wednesday Thursday \
         Friday Saturday Time Format FormatString Parse Unix Split",
    ),
    (
        "uuid",
        "Valid Parse URN FromInt ToInt Variant Version SHA1 MD5 ns variants",
    ),
];

fn tables() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packages");
    #[expect(clippy::disallowed_methods, reason = "a test reads its own cases")]
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    assert!(!found.is_empty(), "there are tables");
    found
}

/// The last part of an import path.
fn short(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// The values of expressions, each a field of one file.
fn values(expressions: &[&str]) -> Vec<Value> {
    let mut text = String::new();
    for (path, _) in PACKAGES {
        let used = format!("{}.", short(path));
        let starts = |at: usize, text: &str| {
            let before = text.get(..at).unwrap().chars().next_back();
            before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '"' | '.' | '_'))
        };
        let uses = |text: &str| {
            text.match_indices(&used).any(|(at, _)| {
                let next = text.get(at + used.len()..).unwrap().chars().next();
                starts(at, text) && next.is_some_and(char::is_alphabetic)
            })
        };
        if expressions.iter().any(|expression| uses(expression)) {
            let _ = writeln!(text, "import {path:?}");
        }
    }
    for (at, expression) in expressions.iter().enumerate() {
        let _ = writeln!(text, "e{at}: {expression}");
    }
    let mut sources = SourceMap::new();
    let source = sources.add("in.cue", text).unwrap();
    let parsed = cue_syntax::parse(&source);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let file = SourceFile {
        file: &parsed.file,
        name: "in.cue",
        scope: FileScope::ByPackageClause,
    };
    let instance = Instance {
        path: "_".to_owned(),
        name: String::new(),
        files: vec![file],
        imports: Vec::new(),
        unified: Vec::new(),
    };
    let lowered = lower(&[instance], &Standard::new());
    assert!(lowered.value.is_some(), "{:?}", lowered.diagnostics);
    let program = lowered.value.unwrap();
    let graph = eval(&Arc::new(program), Budget::default());
    let dumped: Value = serde_json::from_str(&cue_eval::dump::dump(graph.root())).unwrap();
    let fields = dumped["struct"].as_array().unwrap();
    fields.iter().map(|field| plain(&field[1])).collect()
}

/// A dumped value without what the tables do not have: the class of an error beyond its hardness,
/// openness, and fields beside a value.
fn plain(value: &Value) -> Value {
    let node = value.as_object().unwrap();
    let (key, inner) = node
        .iter()
        .find(|(key, _)| !matches!(key.as_str(), "open" | "fields"))
        .unwrap();
    match key.as_str() {
        "error" => {
            let soft = matches!(inner.as_str(), Some("incomplete" | "cycle"));
            json!({"error": if soft { "soft" } else { "hard" }})
        }
        "list" => {
            let items: Vec<Value> = inner.as_array().unwrap().iter().map(plain).collect();
            json!({"list": items})
        }
        "struct" => {
            let fields: Vec<Value> = inner
                .as_array()
                .unwrap()
                .iter()
                .map(|field| json!([field[0], plain(&field[1])]))
                .collect();
            json!({"struct": fields})
        }
        key => json!({key: inner}),
    }
}

#[test]
fn values_are_those_of_the_reference() {
    let run = || {
        for path in tables() {
            #[expect(clippy::disallowed_methods, reason = "a test reads its own cases")]
            let table = std::fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = table.lines().collect();
            let pairs: Vec<(&str, &str)> = lines
                .chunks(2)
                .map(|pair| (pair[0], pair[1].strip_prefix('\t').unwrap()))
                .collect();
            let expressions: Vec<&str> = pairs.iter().map(|(expression, _)| *expression).collect();
            let found = values(&expressions);
            assert_eq!(found.len(), pairs.len());
            for ((expression, wanted), found) in pairs.iter().zip(found) {
                let wanted: Value = serde_json::from_str(wanted).unwrap();
                assert_eq!(found, wanted, "{expression} in {}", path.display());
            }
        }
    };
    std::thread::Builder::new()
        .stack_size(Budget::STACK)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn every_name_of_the_reference_is_there() {
    for (path, names) in PACKAGES {
        let package = Standard::new().package(path).unwrap();
        for name in names.split_whitespace() {
            let native = package.members.iter().any(|(known, _)| known == name);
            let in_cue = package.cue.contains(&format!("{name}: "));
            assert!(native || in_cue, "{path}.{name}");
        }
        let known: Vec<&str> = names.split_whitespace().collect();
        for (name, _) in &package.members {
            assert!(
                known.contains(&name.as_str()),
                "{path}.{name} is not of the reference"
            );
        }
    }
    assert!(Standard::new().package("tool/exec").is_none());
}
