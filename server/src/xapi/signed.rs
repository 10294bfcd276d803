//! Signatures against the certificates they bring along (Data 2.6): to catch mistakes, not to know who signed.

use domain::xapi::{Algorithm, Problem, Signed};
use webpki::EndEntityCert;
use webpki::ring::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512};

/// Checks that the certificate's key made the signature.
pub fn check(signed: &Signed) -> Result<(), Problem> {
    let algorithm = match signed.algorithm {
        Algorithm::Rs256 => RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => RSA_PKCS1_2048_8192_SHA512,
    };
    let wrong = |remedy: &str| Problem::new(remedy).within("signature");
    let certificate = signed.certificate.as_slice().into();
    let certificate = EndEntityCert::try_from(&certificate).map_err(|_| {
        wrong("le premier certificat de x5c ne peut pas être lu\u{a0}: X.509 version 3, en DER et en base64.")
    })?;
    certificate
        .verify_signature(algorithm, &signed.message, &signed.signature)
        .map_err(|_| wrong("elle n’a pas été faite avec la clé du premier certificat de x5c."))
}
