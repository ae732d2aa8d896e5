//! The name of an object that its template left nameless.
//!
//! KubeVela calls it `<component>-<trait type>-<hash>`, the hash being FNV-1a (32 bits) over a dump of the object as the
//! Go library `spew` writes it with `%#v` and sorted keys, its decimal digits then mapped to letters that spell no words
//! (`GenTraitName` and `ComputeHash` of kubevela `pkg/oam/util/helper.go`). The dump spells the Go type of every value:
//! ```text
//! {"kind": "X", "spec": {"a": 1, "b": [true, null, 1.5]}}
//! (unstructured.Unstructured){Object:(map[string]interface {})map[kind:(string)X spec:(map[string]interface {})map[a:(int64)1
//!   b:([]interface {})[(bool)true (interface {})<nil> (float64)1.5]]]}
//! ```
//! (in one line). The object is hashed as it is at that moment: with the labels of component and trait, without
//! namespace, annotations of the application and revision.

use super::object::Object;
use std::fmt::Write as _;

/// The name of a nameless object of this trait type.
pub(super) fn generated(component: &str, trait_type: &str, object: &Object) -> String {
    let middle = match trait_type {
        "" | "dummy" => "trait".to_owned(),
        other => other.to_lowercase(),
    };
    format!("{component}-{middle}-{}", hash(object))
}

fn hash(object: &Object) -> String {
    let mut text = String::from("(unstructured.Unstructured){Object:");
    dump(object, &mut text);
    text.push('}');
    encoded(fnv(text.as_bytes()))
}

fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// The digits of a hash as `rand.SafeEncodeString` of `k8s.io/apimachinery` writes them.
fn encoded(hash: u32) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    hash.to_string()
        .bytes()
        .filter_map(|digit| LETTERS.get(usize::from(digit) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}

fn dump(object: &Object, out: &mut String) {
    match object {
        Object::Null => out.push_str("(interface {})<nil>"),
        Object::Bool(value) => {
            let _ = write!(out, "(bool){value}");
        }
        Object::Int(int) => {
            let _ = write!(out, "(int64){int}");
        }
        Object::Float(float) => {
            out.push_str("(float64)");
            out.push_str(&goyaml::format_g(*float, goyaml::Precision::Double));
        }
        Object::String(text) => {
            out.push_str("(string)");
            out.push_str(text);
        }
        Object::List(items) => {
            out.push_str("([]interface {})[");
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                dump(item, out);
            }
            out.push(']');
        }
        Object::Map(fields) => {
            out.push_str("(map[string]interface {})map[");
            for (at, (name, value)) in fields.iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                out.push_str(name);
                out.push(':');
                dump(value, out);
            }
            out.push(']');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dump_of_the_specification_hashes_to_its_letters() {
        let map = |entries: Vec<(&str, Object)>| {
            Object::Map(
                entries
                    .into_iter()
                    .map(|(name, value)| (name.into(), value))
                    .collect(),
            )
        };
        let object = map(vec![
            ("kind", Object::String("X".into())),
            ("apiVersion", Object::String("v1".into())),
            (
                "spec",
                map(vec![
                    ("a", Object::Int(1)),
                    (
                        "b",
                        Object::List(vec![
                            Object::Bool(true),
                            Object::Null,
                            Object::String("s t".into()),
                            Object::Float(1.5),
                        ]),
                    ),
                    ("e", map(Vec::new())),
                    ("l", Object::List(Vec::new())),
                ]),
            ),
        ]);
        let mut text = String::new();
        dump(&object, &mut text);
        assert_eq!(
            text,
            "(map[string]interface {})map[apiVersion:(string)v1 kind:(string)X spec:(map[string]interface {})map[\
             a:(int64)1 b:([]interface {})[(bool)true (interface {})<nil> (string)s t (float64)1.5] \
             e:(map[string]interface {})map[] l:([]interface {})[]]]"
        );
        assert_eq!(encoded(2_153_650_011), "6597b94455");
        assert_eq!(generated("web", "Scaler", &object), "web-scaler-6597b94455");
        assert_eq!(generated("web", "", &object), "web-trait-6597b94455");
    }
}
