//! An object on its way to the server: what Go's programs make of its numbers.
//!
//! Whoever sends an object has read it into Go values before, where `3.0` is the float 3, and a float without a fraction is
//! written `3`. So `replicas: 3.0` in a YAML file reaches the server as an integer, while the same digits in a JSON text
//! that is posted as it is do not.

use goyaml::{Data, Magnitude, Tree};
use std::borrow::Cow;

/// The largest number that `encoding/json` writes without an exponent.
const PLAIN: f64 = 1e21;

/// The object as `kubectl`, KubeVela and whoever decodes it before sending would send it.
pub fn as_sent(object: &Tree) -> Cow<'_, Tree> {
    if !has_whole_float(object) {
        return Cow::Borrowed(object);
    }
    let mut sent = object.clone();
    make_integers(&mut sent);
    Cow::Owned(sent)
}

fn has_whole_float(value: &Tree) -> bool {
    match &value.data {
        Data::Number(number) => whole(*number).is_some(),
        Data::List(items) => items.iter().any(has_whole_float),
        Data::Map(entries) => entries.iter().any(|entry| has_whole_float(&entry.value)),
        Data::Null | Data::Bool(_) | Data::String(_) => false,
    }
}

fn make_integers(value: &mut Tree) {
    match &mut value.data {
        Data::Number(number) => {
            if let Some(whole) = whole(*number) {
                *number = whole;
            }
        }
        Data::List(items) => items.iter_mut().for_each(make_integers),
        Data::Map(entries) => entries
            .iter_mut()
            .for_each(|entry| make_integers(&mut entry.value)),
        Data::Null | Data::Bool(_) | Data::String(_) => {}
    }
}

/// The integer that a float is written as.
fn whole(number: Magnitude) -> Option<Magnitude> {
    match number {
        Magnitude::Float(value) if value.fract() == 0.0 && value.abs() < PLAIN => {
            let text = format!("{value:.0}");
            let int = text.parse().map(Magnitude::Int);
            int.or_else(|_| text.parse().map(Magnitude::Uint)).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Data {
        let tree = goyaml::read_tree(text.as_bytes(), 1, goyaml::Strictness::Strict).unwrap();
        let Data::List(items) = as_sent(&tree).into_owned().data else {
            unreachable!("a list")
        };
        items.into_iter().next().unwrap().data
    }

    #[test]
    fn a_float_without_a_fraction_is_sent_as_an_integer() {
        assert_eq!(number("[3.0]"), Data::Number(Magnitude::Int(3)));
        assert_eq!(number("[-2e3]"), Data::Number(Magnitude::Int(-2000)));
        assert_eq!(
            number("[1e19]"),
            Data::Number(Magnitude::Uint(10_000_000_000_000_000_000))
        );
        assert_eq!(number("[3.5]"), Data::Number(Magnitude::Float(3.5)));
        assert_eq!(number("[1e21]"), Data::Number(Magnitude::Float(1e21)));
    }
}
