//! Which names are those of secrets: `adminPassword`, `accessKeySecret`, `API_TOKEN`.
//!
//! A name is taken apart into words; what says where a secret is (`passwordSecretName`, `tokenPath`) holds none itself.

/// Whether a value with this name is a secret.
pub(in crate::rules) fn is_secret(name: &str) -> bool {
    let words = words(name);
    let has = |word: &str| words.iter().any(|found| found == word);
    let follows = |pairs: &[(&str, &str)]| {
        words
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if pairs.contains(&(a.as_str(), b.as_str()))))
    };
    let is_about_one = matches!(
        words.last().map(String::as_str),
        Some(
            "name"
                | "names"
                | "namespace"
                | "ref"
                | "refs"
                | "path"
                | "file"
                | "enabled"
                | "key"
                | "url"
                | "type"
                | "length"
                | "policy"
                | "ttl"
                | "expiry"
                | "id"
                | "store"
                | "keys"
        )
    );
    let is_key = follows(&[("private", "key"), ("access", "key"), ("api", "key")])
        && words.last().is_some_and(|last| last == "key");
    let is_word = [
        "password",
        "passwd",
        "passphrase",
        "token",
        "credential",
        "credentials",
        "secret",
        "apikey",
    ]
    .into_iter()
    .any(has);
    is_key || (is_word && !is_about_one)
}

/// The words of a name in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
            was_lower = false;
            continue;
        }
        if words.is_empty() || (letter.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = !letter.is_uppercase();
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn a_secret_has_the_name_of_one() {
        for name in [
            "password",
            "adminPassword",
            "API_TOKEN",
            "access-key-secret",
            "privateKey",
            "ALICLOUD_SECRET_KEY_SECRET",
            "accessKey",
            "apiKey",
            "AWS_SESSION_TOKEN",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "passwordSecretName",
            "secretRef",
            "tokenPath",
            "secretKey2Name",
            "key",
            "keyboard",
            "author",
            "secretNamespace",
            "imagePullSecrets",
            "accessKeyId",
            "tokenTTL",
            "monkey",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
