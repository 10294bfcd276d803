//! The command line.

mod content;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand, ValueEnum};
use domain::identity::{Email, Grant, Role, Scope, TokenForm, read_token};
use domain::ids::{PersonId, TokenId};
use server::app::App;
use server::audit;
use server::backup;
use server::certificate::{self, proof};
use server::clock::{Clock, Dice};
use server::config::{Config, Mode, SETTINGS};
use server::course::interchange;
use server::identity::store::NewPerson;
use server::identity::{second_factor, session, store};
use server::{demonstration, node, record, serve, telemetry, token};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Socle: the MOOC, the webinars and the training record of the agents of the maisons France Services.
///
/// Settings come from the environment or from a file: `socle config` lists them.
#[derive(Debug, Parser)]
#[command(name = "socle", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the product until told to stop.
    Serve,
    /// Check, publish, import and export courses; check and publish pathways, and what webinars are led with.
    #[command(subcommand)]
    Content(Content),
    /// Make accounts and end their sessions.
    #[command(subcommand)]
    Account(Account),
    /// Keep the keys that sign certificates.
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// Keep the tokens of other systems.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Check the log of who looked at or changed whose record.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Check the training records.
    #[command(subcommand)]
    Record(RecordCommand),
    /// Copy everything, consistent even while Socle runs, to a new folder.
    Backup {
        /// Folder to make; it must not exist.
        folder: PathBuf,
    },
    /// Put a copy back into an empty data folder (`SOCLE_DATA`), and check every chain in it.
    Restore {
        /// A folder that `socle backup` or a night made.
        folder: PathBuf,
    },
    /// List every setting, with its default and its meaning.
    Config,
}

#[derive(Debug, Subcommand)]
enum Content {
    /// Report every problem in a course's folder, or a webinar's: file, line, remedy.
    Check { folders: Vec<PathBuf> },
    /// Publish a course's folder, or a webinar's, as a new version, if it differs from the newest.
    Publish { folders: Vec<PathBuf> },
    /// Bring in a course (our own zip, an Open edX .tar.gz) or questions (GIFT, Moodle XML), and say what becomes of each part.
    Import {
        file: PathBuf,
        /// The course's folder to make; for questions, a chapter's quiz.toml or bank.toml to add them to.
        #[arg(long)]
        into: PathBuf,
        /// Say it all and write nothing.
        #[arg(long)]
        dry_run: bool,
        /// Replace the folder if it is there.
        #[arg(long)]
        replace: bool,
        /// The section of the chapter that the questions are about.
        #[arg(long)]
        section: Option<String>,
        /// The skill that the questions test.
        #[arg(long)]
        skill: Option<String>,
    },
    /// Take a course out into a file, and say what that form cannot say.
    Export {
        folder: PathBuf,
        /// Our own zip, the questions as GIFT, or an Open edX course (.tar.gz).
        #[arg(long = "as", value_enum)]
        form: Form,
        #[arg(long)]
        to: PathBuf,
        /// Replace the file if it is there.
        #[arg(long)]
        replace: bool,
    },
}

/// What a course is exported as.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    Zip,
    Gift,
    Olx,
}

#[derive(Debug, Subcommand)]
enum Account {
    /// Make an account and print its invitation link.
    Invite {
        #[arg(long)]
        email: String,
        #[arg(long)]
        first_name: String,
        #[arg(long)]
        last_name: String,
        /// agent, trainer, maison-manager, department-pilot, national-pilot or administrator
        #[arg(long, default_value = "agent")]
        role: String,
        /// own, course:SLUG, maison:ID, departement:CODE or nation
        #[arg(long, default_value = "own")]
        scope: String,
    },
    /// Print a new invitation link for an account: a forgotten password, an expired link.
    Link { email: String },
    /// Keep an account from signing in, and end its sessions.
    Suspend { email: String },
    /// Take the second factor away of whoever lost it: they set up another when they sign in.
    ResetFactor { email: String },
    /// Let a suspended account sign in again.
    Restore { email: String },
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Check the whole chain and name its first broken link.
    Verify,
}

#[derive(Debug, Subcommand)]
enum RecordCommand {
    /// Check every agent's chain of facts and name the first broken link of each; or a proof file, alone and offline.
    Verify {
        /// The proof file of an agent, as they downloaded it.
        file: Option<PathBuf>,
        /// The keys to trust, as published at /certificats/cles.json, rather than those in the file.
        #[arg(long, requires = "file")]
        keys: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it, this once.
    Create {
        /// The system that will hold it.
        #[arg(long)]
        name: String,
        /// What it opens, such as people:read; several times for several.
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// Days that it lasts.
        #[arg(long, default_value = "365")]
        days: String,
    },
    /// List every token, without its secret.
    List,
    /// Revoke a token, at once.
    Revoke { id: TokenId },
}

#[derive(Debug, Subcommand)]
enum CertificateCommand {
    /// Make the next signing key; those before stay published, and what they signed stays valid.
    RotateKey,
}

/// Runs the command that was typed.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the asynchronous runtime cannot start")
        .and_then(|runtime| runtime.block_on(obey(cli.command)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "socle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn obey(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Config => {
            for setting in SETTINGS {
                say(&format!("{} = {:?}\n    {}", setting.name, setting.default, setting.meaning))?;
            }
            // What these settings make of it here, where they can be read.
            if Config::load().is_ok_and(|config| config.smtp_url.is_none()) {
                say("\nHere SOCLE_SMTP_URL is empty: no mail is sent.")?;
            }
            Ok(())
        }
        Command::Content(Content::Check { folders }) => content::check(&folders),
        Command::Content(Content::Publish { folders }) => content::publish(&open().await?, &folders).await,
        Command::Content(Content::Import { file, into, dry_run, replace, section, skill }) => {
            let labels = interchange::Labels { section: section.as_deref(), skill: skill.as_deref() };
            content::import(&file, &into, labels, dry_run, replace)
        }
        Command::Content(Content::Export { folder, form, to, replace }) => {
            let form = match form {
                Form::Zip => interchange::Form::Zip,
                Form::Gift => interchange::Form::Gift,
                Form::Olx => interchange::Form::Olx,
            };
            content::export(&folder, form, &to, replace)
        }
        Command::Serve => run_server().await,
        Command::Account(command) => manage(&open().await?, command).await,
        Command::Certificate(CertificateCommand::RotateKey) => {
            let name = certificate::keys::rotate(&open().await?).await?;
            say(&format!("{name} signs from now on; a running server takes it up within five seconds"))
        }
        Command::Token(command) => keep_tokens(&open().await?, command).await,
        Command::Audit(AuditCommand::Verify) => verify_log(&open().await?).await,
        Command::Record(RecordCommand::Verify { file: None, .. }) => verify(&open().await?).await,
        Command::Record(RecordCommand::Verify { file: Some(file), keys }) => verify_file(&file, keys.as_deref()),
        Command::Backup { folder } => back_up(&Config::load()?, &folder).await,
        Command::Restore { folder } => restore(&Config::load()?, &folder).await,
    }
}

/// The product, for a command that does not serve.
async fn open() -> anyhow::Result<App> {
    let config = Config::load()?;
    telemetry::start_logs(&config)?;
    App::open(config, Clock::system(), Dice::system()?, None).await
}

async fn run_server() -> anyhow::Result<()> {
    let config = Config::load()?;
    telemetry::start_logs(&config)?;
    let metrics = telemetry::start_metrics()?;
    let _serving = node::serving(&config).await?;
    let app = App::open(config, Clock::system(), Dice::system()?, Some(metrics)).await?;
    serve::check_mode(&app).await?;
    let door = serve::bind(&app).await?;
    if app.config.mode == Mode::Demonstration {
        demonstration::prepare(&app).await?;
        say("Demonstration accounts, all with the password « le guichet ouvre à neuf heures »:")?;
        for character in demonstration::CHARACTERS {
            say(&format!("  {:<22}{}", character.email, character.may))?;
        }
    }
    say(&format!("Socle serves on {}", door.url()?))?;
    serve::serve(app, door).await
}

async fn manage(app: &App, command: Account) -> anyhow::Result<()> {
    match command {
        Account::Invite { email, first_name, last_name, role, scope } => {
            let role: Role = role.parse().map_err(|error| anyhow::anyhow!("--role: {error}"))?;
            let scope: Scope = scope.parse().map_err(|error| anyhow::anyhow!("--scope: {error}"))?;
            let grant = Grant::new(role, scope).map_err(|error| anyhow::anyhow!("--scope: {error}"))?;
            let email = email_of(&email)?;
            let new =
                NewPerson { email, first_name, last_name, maison: None, grants: vec![grant], demonstration: false };
            let person = store::create(app, new).await?;
            commanded(app, person).await?;
            link(app, person).await
        }
        Account::Link { email } => {
            let person = find(app, &email).await?;
            commanded(app, person).await?;
            link(app, person).await
        }
        Account::ResetFactor { email } => {
            let person = find(app, &email).await?;
            second_factor::remove(app, person).await?;
            commanded(app, person).await?;
            say(&format!("{email} has no second factor any more, and every session is ended"))
        }
        Account::Suspend { email } => {
            let person = find(app, &email).await?;
            store::suspend(app, person, true).await?;
            session::close_all(app, person).await?;
            commanded(app, person).await?;
            say("suspended, sessions ended")
        }
        Account::Restore { email } => {
            let person = find(app, &email).await?;
            store::suspend(app, person, false).await?;
            commanded(app, person).await?;
            say("restored")
        }
    }
}

async fn keep_tokens(app: &App, command: TokenCommand) -> anyhow::Result<()> {
    match command {
        TokenCommand::Create { name, scopes, days } => {
            let new = read_token(&TokenForm { name, scopes, days }, app.clock.now()).map_err(|problems| {
                let lines = problems.iter().map(|(field, said)| format!("--{field}: {said}"));
                anyhow::anyhow!(lines.collect::<Vec<_>>().join("\n"))
            })?;
            let id = TokenId(app.dice.uuid());
            let secret = token::store::create(app, None, id, new).await?.context("this token is made already")?;
            say(&token::store::whole(id, &secret))
        }
        TokenCommand::List => {
            for token in token::store::list(app).await? {
                let stands = match (token.revoked_at, token.expires_at) {
                    (Some(at), _) => format!("revoked {at}"),
                    (None, at) if at <= app.clock.now() => format!("expired {at}"),
                    (None, at) => format!("until {at}"),
                };
                let used = token.used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
                say(&format!("{} {} [{}] {stands}, {used}", token.id, token.name, token.scopes))?;
            }
            Ok(())
        }
        TokenCommand::Revoke { id } if token::store::revoke(app, id).await? => say("revoked"),
        TokenCommand::Revoke { id } => bail!("there is no token {id}"),
    }
}

/// Notes that the command line changed that account.
async fn commanded(app: &App, person: PersonId) -> anyhow::Result<()> {
    Ok(app.audit.by_platform(app, person, audit::pages::COMMAND_LINE).await?)
}

async fn link(app: &App, person: PersonId) -> anyhow::Result<()> {
    let secret = store::invite(app, person).await?;
    say(&format!("{}/invitation/{secret}", app.config.public_url))
}

async fn find(app: &App, email: &str) -> anyhow::Result<PersonId> {
    store::find(app, &email_of(email)?).await?.with_context(|| format!("{email} has no account"))
}

fn email_of(text: &str) -> anyhow::Result<Email> {
    text.parse().map_err(|error| anyhow::anyhow!("{text}: {error}"))
}

async fn verify(app: &App) -> anyhow::Result<()> {
    let (facts, findings) = record::store::check(&app.db).await?;
    for finding in &findings {
        say(&finding.to_string())?;
    }
    if findings.is_empty() {
        say(&format!("{facts} facts: every chain holds, and every record is the fold of its facts"))
    } else {
        bail!("{} ledger(s) do not hold", findings.len())
    }
}

async fn verify_log(app: &App) -> anyhow::Result<()> {
    match audit::check(&app.db).await? {
        (lines, Ok(())) => say(&format!("{lines} lines: the chain holds")),
        (_, Err(broken)) => bail!("the log does not hold: {broken}"),
    }
}

/// Checks a proof file without any database.
fn verify_file(file: &Path, keys: Option<&Path>) -> anyhow::Result<()> {
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()));
    let trusted = keys.map(|path| -> anyhow::Result<_> {
        let published: serde_json::Value = serde_json::from_slice(&read(path)?)?;
        Ok(serde_json::from_value(published.get("keys").cloned().unwrap_or(published))?)
    });
    let is_trusted = trusted.is_some();
    let checked = proof::check(&read(file)?, trusted.transpose()?)
        .with_context(|| format!("{} is no proof file", file.display()))?;
    for problem in &checked.problems {
        say(problem)?;
    }
    let proof::Checked { name, facts, certificates, badges, key, problems, .. } = checked;
    if !problems.is_empty() {
        bail!("{} problem(s)", problems.len());
    }
    let held = format!("{facts} facts, {certificates} certificate(s), {badges} badge(s)");
    say(&format!("{name}: {held}, all as they were sealed with the key {key}"))?;
    if is_trusted {
        Ok(())
    } else {
        say("Compare this key with those that the site publishes at /certificats/cles.json")
    }
}

async fn back_up(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let manifest = backup::take(config, folder, Clock::system().now()).await?;
    for file in &manifest.files {
        say(&format!("{}: {} bytes, SHA-256 {}", folder.join(&file.path).display(), file.size, file.sha256))?;
    }
    Ok(())
}

async fn restore(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let restored = backup::restore(config, folder).await?;
    let made = restored.manifest.made_at;
    say(&format!("{} holds everything as it was on {made}", config.data.display()))?;
    say(&format!("{} facts: every chain holds; {} lines of the log: the chain holds", restored.facts, restored.lines))
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
