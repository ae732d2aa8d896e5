//! `crypto/*`: digests of bytes.

use crate::package::{Builder, failed, text_kind};
use cue_eval::Kind;
use cue_eval::builtin::Failure;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha1::Digest;

fn sum<D: Digest + 'static>(b: &mut Builder, name: &str) {
    b.function(name, &[text_kind()], text_kind(), |c| {
        let mut digest = D::new();
        digest.update(&c.bytes(0)?);
        Ok(digest.finalize().to_vec().into())
    });
}

/// Whether a signature is that of a message; a key or signature that is none is no error but false,
/// unless the key has the wrong size.
fn verifies(key: &[u8], message: &[u8], signature: &[u8]) -> Result<bool, Failure> {
    let key: &[u8; 32] = key
        .try_into()
        .map_err(|_| Failure::eval("the public key must be 32 bytes"))?;
    let Ok(signature) = Signature::from_slice(signature) else {
        return Ok(false);
    };
    Ok(VerifyingKey::from_bytes(key).is_ok_and(|key| key.verify(message, &signature).is_ok()))
}

/// Fills `crypto/ed25519`.
pub(crate) fn ed25519(b: &mut Builder) {
    let text = text_kind();
    b.constant("PublicKeySize", 32i64);
    b.function("Valid", &[text, text, text], Kind::BOOL, |c| {
        Ok(verifies(&c.bytes(0)?, &c.bytes(1)?, &c.bytes(2)?)?.into())
    });
}

/// Fills `crypto/md5`.
pub(crate) fn md5(b: &mut Builder) {
    b.constant("Size", 16i64).constant("BlockSize", 64i64);
    sum::<md5::Md5>(b, "Sum");
}

/// Fills `crypto/sha1`.
pub(crate) fn sha1(b: &mut Builder) {
    b.constant("Size", 20i64).constant("BlockSize", 64i64);
    sum::<sha1::Sha1>(b, "Sum");
}

/// Fills `crypto/sha256`.
pub(crate) fn sha256(b: &mut Builder) {
    b.constant("Size", 32i64)
        .constant("Size224", 28i64)
        .constant("BlockSize", 64i64);
    sum::<sha2::Sha256>(b, "Sum256");
    sum::<sha2::Sha224>(b, "Sum224");
}

/// Fills `crypto/sha512`.
pub(crate) fn sha512(b: &mut Builder) {
    b.constant("Size", 64i64)
        .constant("Size224", 28i64)
        .constant("Size256", 32i64)
        .constant("Size384", 48i64)
        .constant("BlockSize", 128i64);
    sum::<sha2::Sha512>(b, "Sum512");
    sum::<sha2::Sha384>(b, "Sum384");
    sum::<sha2::Sha512_224>(b, "Sum512_224");
    sum::<sha2::Sha512_256>(b, "Sum512_256");
}

fn signature<D: EagerHash>(key: &[u8], data: &[u8]) -> Result<Vec<u8>, Failure>
where
    Hmac<D>: Mac + KeyInit,
{
    let mut mac = <Hmac<D> as KeyInit>::new_from_slice(key).map_err(failed)?;
    mac.update(data);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// Fills `crypto/hmac`.
pub(crate) fn hmac(b: &mut Builder) {
    for name in [
        "MD5",
        "SHA1",
        "SHA224",
        "SHA256",
        "SHA384",
        "SHA512",
        "SHA512_224",
        "SHA512_256",
    ] {
        b.constant(name, name);
    }
    b.function(
        "Sign",
        &[Kind::STRING, text_kind(), text_kind()],
        text_kind(),
        |c| {
            let (name, key, data) = (c.string(0)?, c.bytes(1)?, c.bytes(2)?);
            let signed = match &*name {
                "MD5" => signature::<md5::Md5>(&key, &data),
                "SHA1" => signature::<sha1::Sha1>(&key, &data),
                "SHA224" => signature::<sha2::Sha224>(&key, &data),
                "SHA256" => signature::<sha2::Sha256>(&key, &data),
                "SHA384" => signature::<sha2::Sha384>(&key, &data),
                "SHA512" => signature::<sha2::Sha512>(&key, &data),
                "SHA512_224" => signature::<sha2::Sha512_224>(&key, &data),
                "SHA512_256" => signature::<sha2::Sha512_256>(&key, &data),
                other => Err(Failure::eval(format!(
                    "unsupported hash function `{other}`"
                ))),
            }?;
            Ok(signed.into())
        },
    );
}
