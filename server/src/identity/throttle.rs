//! Slows down whoever guesses passwords, without locking out whoever is guessed at: tries are counted
//! for each account *from each address*, and for each address over all accounts. And whoever tries their line over
//! and over.

use crate::config::Config;
use crate::error::{Error, Result};
use domain::ids::PersonId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};
use http::HeaderMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

const TRIES_AN_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).unwrap();
const CERTIFICATES_AN_ADDRESS: NonZeroU32 = NonZeroU32::new(60).unwrap();
const LETTERS_AN_ADDRESS: NonZeroU32 = NonZeroU32::new(30).unwrap();
const TRIES_AN_ADDRESS: NonZeroU32 = NonZeroU32::new(60).unwrap();
const CHALLENGES_AN_ADDRESS: NonZeroU32 = NonZeroU32::new(120).unwrap();
const REFUSALS_AN_ADDRESS: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Characters of an account that are counted: no address is longer (RFC 5321, section 4.5.3.1).
const ACCOUNT: usize = 254;
const TRIALS_A_PERSON: NonZeroU32 = NonZeroU32::new(20).unwrap();
const TRIALS_AN_ADDRESS: NonZeroU32 = NonZeroU32::new(120).unwrap();

/// Counts tries; forgets them with time.
pub struct Throttle {
    by_account: DefaultKeyedRateLimiter<(String, IpAddr)>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    certificates: DefaultKeyedRateLimiter<IpAddr>,
    letters: DefaultKeyedRateLimiter<IpAddr>,
    by_person: DefaultKeyedRateLimiter<PersonId>,
    diagnoses: DefaultKeyedRateLimiter<IpAddr>,
    machines: DefaultKeyedRateLimiter<IpAddr>,
    challenges: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Throttle")
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            // Ten tries at once, then one a minute.
            by_account: RateLimiter::keyed(
                Quota::per_hour(NonZeroU32::new(60).unwrap_or(TRIES_AN_ADDRESS)).allow_burst(TRIES_AN_ACCOUNT),
            ),
            // A whole office behind one address: sixty at once, then six a minute.
            by_address: RateLimiter::keyed(
                Quota::per_minute(NonZeroU32::new(6).unwrap_or(TRIES_AN_ACCOUNT)).allow_burst(TRIES_AN_ADDRESS),
            ),
            // An employer with a pile of them: sixty at once, then one a second.
            certificates: RateLimiter::keyed(Quota::per_minute(CERTIFICATES_AN_ADDRESS)),
            // A whole office that forgot: thirty at once, then one every two seconds.
            letters: RateLimiter::keyed(Quota::per_minute(LETTERS_AN_ADDRESS)),
            // Trials of the way to the server: each has two.
            by_person: RateLimiter::keyed(Quota::per_minute(TRIALS_A_PERSON)),
            // A diagnosis has about fifteen requests: a whole office that looks into it makes several at once.
            diagnoses: RateLimiter::keyed(Quota::per_minute(TRIALS_AN_ADDRESS)),
            // A system whose token has expired does not know it at once: sixty refusals, then one a second.
            machines: RateLimiter::keyed(Quota::per_minute(REFUSALS_AN_ADDRESS)),
            // A whole office that opens the sign-in page: a hundred and twenty at once, then two a second.
            challenges: RateLimiter::keyed(Quota::per_minute(CHALLENGES_AN_ADDRESS)),
            clock: DefaultClock::default(),
        }
    }
}

impl Throttle {
    /// Counts one try to sign in.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn try_account(&self, account: &str, address: IpAddr) -> Result<()> {
        self.try_address(address)?;
        self.by_account
            .check_key(&(account.chars().take(ACCOUNT).collect(), asker(address)))
            .map_err(|until| self.too_many(&until))
    }

    /// Counts one letter that somebody who is not known asks for.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn try_letter(&self, account: &str, address: IpAddr) -> Result<()> {
        let asker = asker(address);
        self.letters.check_key(&asker).map_err(|until| self.too_many(&until))?;
        let account = account.chars().take(ACCOUNT).collect();
        self.by_account.check_key(&(account, asker)).map_err(|until| self.too_many(&until))
    }

    /// Counts one try of anything that can be guessed.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn try_address(&self, address: IpAddr) -> Result<()> {
        self.by_address.check_key(&asker(address)).map_err(|until| self.too_many(&until))
    }

    /// Counts one certificate verified, or one number tried.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn try_certificate(&self, address: IpAddr) -> Result<()> {
        self.certificates.check_key(&asker(address)).map_err(|until| self.too_many(&until))
    }

    /// Counts one trial of the way to the server, which holds a connection open for some seconds.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn try_trial(&self, person: PersonId) -> Result<()> {
        self.by_person.check_key(&person).map_err(|until| self.too_many(&until))
    }

    /// Counts one request of a diagnosis, which anybody may make.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn try_diagnosis(&self, address: IpAddr) -> Result<()> {
        self.diagnoses.check_key(&asker(address)).map_err(|until| self.too_many(&until))
    }

    /// Counts one token that was refused.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn refuse_machine(&self, address: IpAddr) -> Result<()> {
        self.machines.check_key(&asker(address)).map_err(|until| self.too_many(&until))
    }

    /// Counts one thing that an authenticator is asked to sign, by whoever opens the sign-in page.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn try_challenge(&self, address: IpAddr) -> Result<()> {
        self.challenges.check_key(&asker(address)).map_err(|until| self.too_many(&until))
    }

    /// Drops the counts that no longer weigh.
    pub fn forget(&self) {
        self.by_account.retain_recent();
        self.by_address.retain_recent();
        self.certificates.retain_recent();
        self.letters.retain_recent();
        self.by_person.retain_recent();
        self.diagnoses.retain_recent();
        self.machines.retain_recent();
        self.challenges.retain_recent();
    }

    fn too_many(&self, until: &NotUntil<<DefaultClock as Clock>::Instant>) -> Error {
        Error::TooMany { retry_after_seconds: until.wait_time_from(self.clock.now()).as_secs() + 1 }
    }
}

/// Who is counted as one: an IPv4 address; of IPv6 a network of 64 bits, in which one machine has as many addresses as it
/// likes (RFC 4291, section 2.5.4).
fn asker(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

/// The address that asks: the peer, or the last address that a trusted proxy did not add itself. Where that is no address,
/// what stands before it may be made up: then the proxy's own.
#[must_use]
pub fn client_address(config: &Config, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if !config.trusted_proxies.contains(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().rev();
    let mut addresses = forwarded
        .flat_map(|value| value.to_str().unwrap_or_default().rsplit(','))
        .map(|address| address.trim().parse::<IpAddr>().ok());
    let last = addresses.find(|address| address.is_none_or(|address| !config.trusted_proxies.contains(&address)));
    last.flatten().unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(trusted: &str, forwarded: &str) -> String {
        let config = Config::read(|name| (name == "SOCLE_TRUSTED_PROXIES").then(|| trusted.to_owned()), "").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        client_address(&config, "10.0.0.1".parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_forwarded_address_is_believed_from_a_trusted_proxy_only() {
        assert_eq!(asked("", "192.0.2.7"), "10.0.0.1");
        assert_eq!(asked("10.0.0.1", "192.0.2.7"), "192.0.2.7");
    }

    #[test]
    fn a_forged_address_in_front_of_the_real_one_is_ignored() {
        assert_eq!(asked("10.0.0.1,10.0.0.2", "127.0.0.1, 192.0.2.7, 10.0.0.2"), "192.0.2.7");
        assert_eq!(asked("10.0.0.1", "127.0.0.1, 192.0.2.7:4711"), "10.0.0.1", "nothing before what is no address");
    }

    #[test]
    fn one_machine_is_one_asker_whichever_of_its_addresses_it_takes() {
        let throttle = Throttle::default();
        let from = |host: u16| -> IpAddr { format!("2001:db8:1:2:{host:x}::1").parse().unwrap() };
        for host in 0..10 {
            throttle.try_account("lea@example.org", from(host)).unwrap();
        }
        assert!(matches!(throttle.try_account("lea@example.org", from(10)), Err(Error::TooMany { .. })));
        throttle.try_account("lea@example.org", "2001:db8:1:3::1".parse().unwrap()).unwrap();
        assert_eq!(asker("::ffff:192.0.2.7".parse().unwrap()).to_string(), "192.0.2.7");
    }

    #[test]
    fn a_guesser_is_slowed_and_the_victim_is_not() {
        let throttle = Throttle::default();
        let (guesser, victim) = ("192.0.2.7".parse().unwrap(), "198.51.100.1".parse().unwrap());
        for _ in 0..10 {
            throttle.try_account("lea@example.org", guesser).unwrap();
        }
        assert!(matches!(throttle.try_account("lea@example.org", guesser), Err(Error::TooMany { .. })));
        throttle.try_account("lea@example.org", victim).unwrap();
    }
}
