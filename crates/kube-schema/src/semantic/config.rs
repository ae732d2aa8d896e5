//! `ConfigMap`, `Secret`, `Namespace`.
//!
//! The data of either has at most 1 MiB. What a Secret has to hold is a matter of its type; its values are never shown.
//!
//! Source: Kubernetes 1.31 `pkg/apis/core/validation`.

use super::field::{Faults, Field, quoted};
use super::{metadata, names};
use goyaml::base64;

/// The most bytes of data of a ConfigMap or Secret.
const MOST_BYTES: usize = 1024 * 1024;

/// How many bytes a text of base64 stands for.
fn decoded_len(text: &str) -> usize {
    let digits = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    let count = digits.clone().count();
    let padding = digits.filter(|byte| *byte == b'=').count();
    (count / 4 * 3).saturating_sub(padding)
}

/// A `ConfigMap`.
pub(super) fn config_map(out: &mut Faults, object: &Field<'_, '_>) {
    let data = object.child("data");
    let binary = object.child("binaryData");
    let mut size = 0;
    let others = binary.values_by_key();
    for (key, value) in data.entries() {
        out.form(&value.on_key(), key, names::config_key);
        if others.contains_key(key) {
            out.invalid(
                &value.on_key(),
                format!("{} stands in `binaryData` too", quoted(key)),
            );
        }
        size += value.text().len();
    }
    for (key, value) in binary.entries() {
        out.form(&value.on_key(), key, names::config_key);
        size += decoded_len(value.text());
    }
    if size > MOST_BYTES {
        let named = object.child("[]").at(object);
        out.too_long(&named, MOST_BYTES);
    }
}

/// A `Secret`.
pub(super) fn secret(out: &mut Faults, object: &Field<'_, '_>) {
    let data = object.child("data");
    let texts = object.child("stringData");
    let mut size = 0;
    let texts_by_key = texts.values_by_key();
    for (key, value) in texts.entries() {
        out.form(
            &data.path_to_key(key).at(&value.on_key()),
            key,
            names::config_key,
        );
        size += value.text().len();
    }
    let replaced = |key: &str| texts_by_key.contains_key(key);
    for (key, value) in data.entries().filter(|(key, _)| !replaced(key)) {
        out.form(&value.on_key(), key, names::config_key);
        size += decoded_len(value.text());
    }
    if size > MOST_BYTES {
        out.too_long(&data, MOST_BYTES);
    }
    let has = |key: &'static str| {
        replaced(key) || data.tree().is_some_and(|tree| tree.get(key).is_some())
    };
    match object.child("type").text() {
        "kubernetes.io/service-account-token" => {
            let metadata = object.child("metadata");
            let annotations = metadata.child("annotations");
            let account = annotations.key("kubernetes.io/service-account.name");
            if account.text().is_empty() {
                out.required_since(&account, "the name of the service account");
            }
        }
        "kubernetes.io/dockercfg" => docker(out, &data, &texts, ".dockercfg"),
        "kubernetes.io/dockerconfigjson" => docker(out, &data, &texts, ".dockerconfigjson"),
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => {
            for key in ["username", "password"] {
                out.required_since(&data.key(key), "one of `username` and `password`");
            }
        }
        "kubernetes.io/ssh-auth" => {
            let given = if replaced("ssh-privatekey") {
                &texts
            } else {
                &data
            };
            if given.key("ssh-privatekey").text().is_empty() {
                out.required(&data.key("ssh-privatekey"));
            }
        }
        "kubernetes.io/tls" => {
            for key in ["tls.crt", "tls.key"] {
                if !has(key) {
                    out.required(&data.key(key));
                }
            }
        }
        _ => {}
    }
}

/// A key whose value has to be an object in JSON.
fn docker(out: &mut Faults, data: &Field<'_, '_>, texts: &Field<'_, '_>, key: &'static str) {
    let here = data.key(key);
    let plain = texts.key(key);
    let bytes = if let Some(text) = plain.set_text() {
        text.as_bytes().to_vec()
    } else if let Some(text) = here.set_text() {
        // what is no base64 has been refused by decoding
        let Some(bytes) = base64::decode(text) else {
            return;
        };
        bytes
    } else {
        out.required(&here);
        return;
    };
    let is_object = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok())
        .is_some_and(|value| value.is_object() || value.is_null());
    if !is_object {
        let place = if plain.is_set() {
            here.at(&plain)
        } else {
            here
        };
        out.invalid(&place, "is no object in JSON");
    }
}

/// A `Namespace`: its name becomes a label.
pub(super) fn namespace(out: &mut Faults, object: &Field<'_, '_>) {
    let metadata = object.child("metadata");
    let name = metadata.child("name");
    if names::label_value(name.text()).is_some() {
        let labels = metadata.child("labels").at(&name);
        out.invalid(
            &labels,
            "the server makes a label of the name, and it is no value of one",
        );
    }
    let spec = object.child("spec");
    let finalizers = spec.child("finalizers");
    for finalizer in finalizers.items() {
        let here = finalizers.at(&finalizer);
        out.form(&here, finalizer.text(), names::qualified);
        metadata::standard_finalizer(out, &here, finalizer.text());
    }
}
