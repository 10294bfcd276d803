//! Files sent to be imported.

use crate::client::{Client, Page};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use std::fmt::Write as _;

/// How the form's body is written.
pub const FORM: &str = "multipart/form-data; boundary=frontiere";

/// Sends a file as the page's form does.
pub async fn send(client: &Client, import: &str, kind: &str, file: &[u8]) -> Page {
    send_sheet(client, import, (kind, ""), file).await
}

/// The same, of a workbook: the sheet of that name.
pub async fn send_sheet(client: &Client, import: &str, (kind, sheet): (&str, &str), file: &[u8]) -> Page {
    let request = client.request(Method::POST, "/administration/importations");
    client.send(request.header(CONTENT_TYPE, FORM).body(form(import, (kind, sheet), file))).await
}

/// What the page's form sends, as [`FORM`].
pub fn form(import: &str, (kind, sheet): (&str, &str), file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in [("import", import), ("kind", kind), ("sheet", sheet)] {
        body.extend(
            format!("--frontiere\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = "--frontiere\r\nContent-Disposition: form-data; name=\"file\"; filename=\"agents.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    body.extend(head.bytes());
    body.extend_from_slice(file);
    body.extend(b"\r\n--frontiere--\r\n");
    body
}

/// So many maisons, all over the country.
pub fn maisons(count: usize) -> String {
    let departements = domain::place::DEPARTEMENTS;
    let mut file = String::from("Nom;Commune;Département\r\n");
    for number in 0..count {
        let code = departements[number % departements.len()].code;
        writeln!(file, "Maison n° {number};Commune {number};{code}\r").expect("a string grows");
    }
    file
}

/// So many agents of these maisons; of the first `broken` lines every second has a wrong address, the others a maison
/// that does not exist.
pub fn agents(count: usize, maisons: usize, broken: usize) -> String {
    let mut file = String::from("Nom;Prénom;Courriel;Maison\r\n");
    for number in 0..count {
        let (at, maison) = match number {
            n if n < broken && n % 2 == 0 => ("chez", number % maisons),
            n if n < broken => ("@", maisons + 1),
            _ => ("@", number % maisons),
        };
        writeln!(file, "Durand;Agent {number};agent{number}{at}exemple.example;Maison n° {maison}\r").expect("grows");
    }
    file
}
