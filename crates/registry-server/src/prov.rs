//! Owns the reading of provenance files, as far as a server has to believe them.
//!
//! A `.prov` file (helm v3.14.4 `pkg/provenance/sign.go`) is a PGP clear-signed text: the `Chart.yaml`
//! of the archive, a line `...`, and the SHA-256 of the archive under its file name. The server has no
//! keyring and does not check the signature; that is the client's part. But it checks that the text is about
//! a version of this registry and about its very bytes, so that a provenance file can neither be stored under
//! a name of its author's choice nor make `helm pull --verify` fail for others.

use goyaml::Value;

/// The most bytes of a provenance file.
const LONGEST: usize = 256 << 10;

/// What a provenance file is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provenance {
    /// The name of the addon.
    pub(crate) name: String,
    /// The version.
    pub(crate) version: String,
    /// The SHA-256 of the archive, in hexadecimal.
    pub(crate) digest: String,
}

/// Reads a provenance file; the sentence says why it is none.
pub(crate) fn parse(bytes: &[u8]) -> Result<Provenance, &'static str> {
    if bytes.len() > LONGEST {
        return Err("the provenance file is too long");
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "the provenance file is not UTF-8")?;
    let signed = signed_text(text).ok_or("the provenance file is not a clear-signed message")?;
    let (chart, sums) = signed
        .split_once("\n...\n")
        .ok_or("the provenance file has no check sums")?;
    let chart = goyaml::from_slice(chart.as_bytes())
        .map_err(|_| "the chart of the provenance file is not YAML")?;
    let sums = goyaml::from_slice(sums.as_bytes())
        .map_err(|_| "the check sums of the provenance file are not YAML")?;
    let field = |name| chart.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(name), Some(version)) = (field("name"), field("version")) else {
        return Err("the chart of the provenance file has no name and version");
    };
    let files = sums.get("files").and_then(Value::as_map);
    let Some((file, sum)) = files
        .filter(|files| files.len() == 1)
        .and_then(|f| f.first())
    else {
        return Err("the provenance file has no single check sum");
    };
    if *file != format!("{name}-{version}.tgz") {
        return Err("the provenance file names another file than its chart's");
    }
    let digest = sum
        .as_str()
        .and_then(|sum| sum.strip_prefix("sha256:"))
        .filter(|digits| {
            digits.len() == 64
                && digits
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        })
        .ok_or("the check sum of the provenance file is no SHA-256")?;
    Ok(Provenance {
        name,
        version,
        digest: digest.to_owned(),
    })
}

/// The text of a clear-signed message (RFC 4880 section 7), line ends made plain and dashes unescaped.
/// Nothing may stand before or behind the message.
fn signed_text(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let rest = text.strip_prefix("-----BEGIN PGP SIGNED MESSAGE-----\n")?;
    let (headers, rest) = rest.split_once("\n\n")?;
    if !headers.lines().all(|line| line.starts_with("Hash: ")) {
        return None;
    }
    let (signed, signature) = rest.split_once("\n-----BEGIN PGP SIGNATURE-----\n")?;
    let (armour, after) = signature.split_once("\n-----END PGP SIGNATURE-----")?;
    if armour.contains("-----") || !after.trim().is_empty() {
        return None;
    }
    let mut plain = String::with_capacity(signed.len());
    for line in signed.lines() {
        match line.strip_prefix("- ") {
            Some(escaped) => plain.push_str(escaped),
            None if line.starts_with('-') => return None,
            None => plain.push_str(line),
        }
        plain.push('\n');
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn prov(chart: &str, sums: &str) -> String {
        format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{chart}\n...\n{sums}\n\
             -----BEGIN PGP SIGNATURE-----\n\nwsBcBAEB\n=ABCD\n-----END PGP SIGNATURE-----\n"
        )
    }

    fn good() -> String {
        prov(
            "apiVersion: v2\nname: a\nversion: 1.0.0",
            &format!("files:\n  a-1.0.0.tgz: sha256:{SUM}"),
        )
    }

    #[test]
    fn a_good_one_says_what_it_is_about() {
        let about = parse(good().as_bytes()).unwrap();
        assert_eq!((&*about.name, &*about.version), ("a", "1.0.0"));
        assert_eq!(about.digest, SUM);
        assert_eq!(parse(good().replace('\n', "\r\n").as_bytes()), Ok(about));
    }

    #[test]
    fn tricks_are_refused() {
        let good = good();
        for (title, text) in [
            ("empty", String::new()),
            ("traversal", good.replace("name: a", "name: ../../a")),
            ("other file", good.replace("a-1.0.0.tgz", "../a-1.0.0.tgz")),
            (
                "two files",
                good.replace("files:", &format!("files:\n  b-1.0.0.tgz: sha256:{SUM}")),
            ),
            ("no sum", good.replace("sha256:", "")),
            ("short sum", good.replace("0123", "")),
            ("no chart", good.replace("version: 1.0.0", "x: y")),
            ("no end", good.replace("-----END PGP SIGNATURE-----", "")),
            ("two messages", format!("{good}{good}")),
            ("text before", format!("x\n{good}")),
            ("text behind", format!("{good}x")),
            (
                "other header",
                good.replace("Hash: SHA512", "NotDashEscaped: x"),
            ),
            (
                "unescaped dash",
                good.replace("apiVersion", "-x: y\napiVersion"),
            ),
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{title}");
        }
    }
}
