//! Proof files: checked alone, by the command that knows no database; whatever is done to one is named.

use super::{correct, remote_day};
use reqwest::{Method, StatusCode};
use server::certificate::proof;
use std::io::{Cursor, Read as _, Write as _};
use std::path::PathBuf;
use support::served::program;
use support::{Client, Product, on_both};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

async fn taken(client: &Client, path: &str) -> Vec<u8> {
    let file = client.request(Method::GET, path).send().await.unwrap();
    assert_eq!((file.status(), &file.headers()["content-type"]), (StatusCode::OK, &"application/zip".parse().unwrap()));
    file.bytes().await.unwrap().to_vec()
}

/// `socle record verify FILE`, in a folder where there is nothing else but the published keys.
struct Verifier {
    folder: TempDir,
    keys: PathBuf,
}

impl Verifier {
    async fn new(product: &Product) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("cles.json");
        std::fs::write(&keys, product.stranger().get("/certificats/cles.json").await.body).unwrap();
        Self { folder, keys }
    }

    /// Whether all holds, and what is printed.
    fn says(&self, bytes: &[u8]) -> (bool, String) {
        let file = self.folder.path().join("preuve.zip");
        std::fs::write(&file, bytes).unwrap();
        let mut command = std::process::Command::new(program().unwrap());
        let command = command.args(["record", "verify"]).arg(&file).arg("--keys").arg(&self.keys);
        let output = command.env("SOCLE_DATA", self.folder.path()).output().unwrap();
        assert!(!self.folder.path().join("socle.sqlite").exists(), "it knows no database");
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }
}

/// The same file with one of the files in it changed, line by line.
fn harmed(bytes: &[u8], name: &str, change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let mut change = Some(change);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let known = file.name().unwrap().into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        if known == name {
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            change.take().unwrap()(&mut lines);
            text = lines.concat();
        }
        writer.start_file(known, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

on_both!(every_harm_done_to_a_proof_file_is_named_by_the_command, |product| async {
    let day = remote_day(&product).await;
    let agent = product.signed_in(day.lea).await;
    let good = taken(&agent, "/dossier/preuve.zip").await;
    let verifier = Verifier::new(&product).await;
    let (holds, said) = verifier.says(&good);
    assert!(
        holds && said.starts_with("Lea Durand: 23 facts, 1 certificate(s), 1 badge(s), all as they were sealed with"),
        "{said}"
    );

    let one_byte = |lines: &mut Vec<String>| lines[2] = lines[2].replacen("version\\\":1", "version\\\":2", 1);
    let removed = |lines: &mut Vec<String>| drop(lines.remove(2));
    let swapped = |lines: &mut Vec<String>| lines.swap(2, 3);
    let renamed = |lines: &mut Vec<String>| lines[0] = lines[0].replacen("Lea Durand", "Eva Durand", 1);
    for (harmed, file, named) in [
        (harmed(&good, "faits.jsonl", one_byte), "faits.jsonl", "fait n°\u{a0}3\u{a0}: il a été modifié"),
        (harmed(&good, "faits.jsonl", removed), "faits.jsonl", "fait n°\u{a0}3\u{a0}: il manque"),
        (harmed(&good, "faits.jsonl", swapped), "faits.jsonl", "fait n°\u{a0}3\u{a0}: il n’est pas à sa place"),
        (harmed(&good, "badges.json", renamed), "badges.json", "badge 1 : sa signature n’est d’aucune de ces clés"),
    ] {
        let (holds, said) = verifier.says(&harmed);
        assert!(!holds && said.contains(named), "{said}");
        assert!(said.contains(&format!("{file} : il n’est plus tel qu’il a été scellé")), "{said}");
    }
    let mut torn = good.clone();
    torn[100] ^= 1;
    assert!(!verifier.says(&torn).0);
});

on_both!(the_proof_file_holds_every_certificate_and_is_for_who_reads_the_whole_record, |product| async {
    let day = remote_day(&product).await;
    let (agent, trainer) = (product.signed_in(day.lea).await, product.signed_in(day.marie).await);
    correct(&product, &trainer, &day, "75").await;
    let bytes = taken(&agent, "/dossier/preuve.zip").await;
    let checked = proof::check(&bytes, Some(product.app.keys.published().unwrap())).unwrap();
    assert_eq!(checked.problems, Vec::<String>::new());
    assert_eq!((checked.certificates, checked.badges, checked.name.as_str()), (2, 1, "Lea Durand"));
    let of = format!("/suivi/{}/preuve.zip", day.lea);
    taken(&trainer, &of).await;
    for forger in [product.agent("Karim").await, product.signed_in(product.trainer_of("Paul", "x").await).await] {
        assert_eq!(forger.get(&of).await.status, StatusCode::NOT_FOUND);
    }
    // A certificate that says more than the facts, even signed, is found.
    product.sql("UPDATE certificate SET body = REPLACE(body, '\"minutes\":75', '\"minutes\":85')".to_owned()).await;
    let bytes = taken(&agent, "/dossier/preuve.zip").await;
    let told = proof::check(&bytes, None).unwrap().problems.join("\n");
    assert!(
        told.contains("sa signature n’est pas") && told.contains("il dit ce que les faits ne disaient pas"),
        "{told}"
    );
});
