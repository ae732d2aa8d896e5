//! Patches in the two forms that JSON has for them: RFC 7396 (merge) and RFC 6902 (operations).
//!
//! Both work on plain objects, so what they give has nothing left of the base's constraints. As
//! `github.com/evanphx/json-patch`, which KubeVela uses: a negative index counts from the end, and `null` in a value that
//! a merge adds is left out.

use crate::deep::object::{Fields, Object};

/// The base with the patch merged into it: fields of both are merged, `null` takes a field away, anything else replaces.
pub(super) fn merge(base: &Object, patch: &Object) -> Object {
    let Object::Map(changes) = patch else {
        return patch.clone();
    };
    let mut out: Fields = base.as_map().cloned().unwrap_or_default();
    for (name, change) in changes {
        if matches!(change, Object::Null) {
            out.remove(name);
            continue;
        }
        let merged = match out.get(name) {
            Some(old) => merge(old, change),
            None => merge(&Object::Map(Fields::new()), change),
        };
        out.insert(name.clone(), merged);
    }
    Object::Map(out)
}

/// The base after all operations.
///
/// # Errors
/// What is wrong with which operation: a sentence.
pub(super) fn apply(base: &Object, operations: &Object) -> Result<Object, String> {
    let Object::List(operations) = operations else {
        return Err("`operations` of a JSON patch must be a list".to_owned());
    };
    let mut out = base.clone();
    for (at, operation) in operations.iter().enumerate() {
        run(&mut out, operation).map_err(|why| format!("operation {at} of the patch: {why}"))?;
    }
    Ok(out)
}

fn run(target: &mut Object, operation: &Object) -> Result<(), String> {
    let path = pointer(operation, "path")?;
    let value = operation.at(&["value"]).cloned().unwrap_or(Object::Null);
    match operation.text_at(&["op"]) {
        "add" => add(target, &path, value),
        "remove" => remove(target, &path).map(drop),
        "replace" => {
            if path.is_empty() {
                *target = value;
                return Ok(());
            }
            *find(target, &path)? = value;
            Ok(())
        }
        "move" => {
            let from = pointer(operation, "from")?;
            let moved = remove(target, &from)?;
            add(target, &path, moved)
        }
        "copy" => {
            let from = pointer(operation, "from")?;
            let copied = find(target, &from)?.clone();
            add(target, &path, copied)
        }
        "test" => {
            if *find(target, &path)? == value {
                Ok(())
            } else {
                Err(format!("the test of `/{}` fails", path.join("/")))
            }
        }
        other => Err(format!(
            "`{other}` is no operation: expected add, remove, replace, move, copy or test"
        )),
    }
}

fn pointer(operation: &Object, field: &str) -> Result<Vec<String>, String> {
    let text = operation
        .at(&[field])
        .and_then(Object::as_str)
        .ok_or_else(|| format!("`{field}` is missing"))?;
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let rest = text
        .strip_prefix('/')
        .ok_or_else(|| format!("`{text}` must begin with `/`"))?;
    Ok(rest
        .split('/')
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect())
}

fn missing(path: &[String]) -> String {
    format!("there is no `/{}`", path.join("/"))
}

/// The position that a step means in a list of so many elements.
fn position(step: &str, length: usize) -> Option<usize> {
    let index: i64 = step.parse().ok()?;
    if index >= 0 {
        return usize::try_from(index).ok().filter(|at| *at < length);
    }
    length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
}

fn find<'a>(target: &'a mut Object, path: &[String]) -> Result<&'a mut Object, String> {
    path.iter()
        .try_fold(target, |at, step| match at {
            Object::Map(fields) => fields.get_mut(step.as_str()),
            Object::List(items) => {
                let index = position(step, items.len())?;
                items.get_mut(index)
            }
            _ => None,
        })
        .ok_or_else(|| missing(path))
}

fn add(target: &mut Object, path: &[String], value: Object) -> Result<(), String> {
    let Some((last, parents)) = path.split_last() else {
        *target = value;
        return Ok(());
    };
    match find(target, parents)? {
        Object::Map(fields) => {
            fields.insert(last.as_str().into(), value);
            Ok(())
        }
        Object::List(items) => {
            let at = if last == "-" {
                items.len()
            } else {
                position(last, items.len() + 1).ok_or_else(|| missing(path))?
            };
            items.insert(at, value);
            Ok(())
        }
        _ => Err(missing(path)),
    }
}

fn remove(target: &mut Object, path: &[String]) -> Result<Object, String> {
    let Some((last, parents)) = path.split_last() else {
        return Err("the whole object cannot be removed".to_owned());
    };
    match find(target, parents)? {
        Object::Map(fields) => fields.remove(last.as_str()).ok_or_else(|| missing(path)),
        Object::List(items) => match position(last, items.len()) {
            Some(at) => Ok(items.remove(at)),
            None => Err(missing(path)),
        },
        _ => Err(missing(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object {
        let mut session = cue_engine::Session::new();
        let package = session.package_of_text("in.cue", text);
        let evaluation = session.evaluate(&package);
        Object::of_data(&evaluation.root().unwrap().data().unwrap())
    }

    #[test]
    fn merging_takes_null_away_and_replaces_lists() {
        let base = object(r#"{a: {b: 1, c: 2}, l: [1, 2], s: "x"}"#);
        let patch = object(r#"{a: {b: null, d: {e: null, f: 3}}, l: [3], s: {t: 1}}"#);
        assert_eq!(
            merge(&base, &patch),
            object(r#"{a: {c: 2, d: f: 3}, l: [3], s: t: 1}"#)
        );
    }

    #[test]
    fn operations_run_in_order() {
        let base = object(r#"{a: {"b/c": 1}, l: [1, 2, 3]}"#);
        let operations = object(
            r#"[
                {op: "test", path: "/l/0", value: 1},
                {op: "add", path: "/l/1", value: 9},
                {op: "add", path: "/l/-", value: 4},
                {op: "remove", path: "/l/-1"},
                {op: "copy", from: "/a/b~1c", path: "/d"},
                {op: "move", from: "/a", path: "/e"},
                {op: "replace", path: "/l/0", value: "x"},
            ]"#,
        );
        assert_eq!(
            apply(&base, &operations),
            Ok(object(r#"{d: 1, e: "b/c": 1, l: ["x", 9, 2, 3]}"#))
        );
    }

    #[test]
    fn an_operation_that_cannot_run_says_which_and_why() {
        let base = object("{a: 1}");
        for (operation, why) in [
            (r#"{op: "remove", path: "/b"}"#, "there is no `/b`"),
            (
                r#"{op: "drop", path: "/a"}"#,
                "`drop` is no operation: expected add, remove, replace, move, copy or test",
            ),
            (r#"{op: "add", value: 1}"#, "`path` is missing"),
            (r#"{op: "add", path: "a"}"#, "`a` must begin with `/`"),
            (
                r#"{op: "test", path: "/a", value: 2}"#,
                "the test of `/a` fails",
            ),
        ] {
            assert_eq!(
                apply(&base, &object(&format!("[{operation}]"))),
                Err(format!("operation 0 of the patch: {why}"))
            );
        }
    }
}
