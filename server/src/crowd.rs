//! Many who ask for the same at once, and one round that serves them all: while some are being served others arrive, who are
//! then served together, in a few statements (and one commit, where it is a write), and told after it.

use crate::error::{Error, Result};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// The most that one round serves.
const TOGETHER: usize = 256;

/// The same rows in runs of 1, 2, 4, 8… of them. A connection keeps each statement that it was asked prepared: one for
/// every number of rows there may be would fill its memory.
pub fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = 1 << rows.len().checked_ilog2()?;
        let (run, rest) = rows.split_at(length);
        rows = rest;
        Some(run)
    })
}

/// The same keys, the last one repeated until there are 1, 2, 4, 8… of them: to be looked for with as few statements.
pub fn evened<T: Clone>(keys: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut keys: Vec<T> = keys.into_iter().collect();
    if let Some(last) = keys.last().cloned() {
        keys.resize(keys.len().next_power_of_two(), last);
    }
    keys
}

/// Those who wait, and whose turn it is to serve them.
#[derive(Debug)]
pub struct Crowd<A, R> {
    waiting: Mutex<Vec<Waiting<A, R>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// What one asks for, and whom to tell what came of it.
#[derive(Debug)]
struct Waiting<A, R> {
    asked: A,
    tell: oneshot::Sender<Result<R>>,
}

impl<A, R> Default for Crowd<A, R> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: Arc::default() }
    }
}

impl<A: Clone + Send + 'static, R: Send + 'static> Crowd<A, R> {
    /// Waits to be served; returns what came of it, once it is on disk where it is a write.
    ///
    /// # Errors
    /// Those of `counter`, of one's own only.
    pub async fn join<C>(&self, asked: A, counter: C) -> Result<R>
    where
        C: Counter<A, R>,
    {
        let (tell, mut told) = oneshot::channel();
        self.waiting().push(Waiting { asked, tell });
        let stopped = |_| Error::Internal("who serves a crowd stopped".into());
        // Whoever is told leaves the queue: else each would take a turn for nothing, and groups stay small.
        let turn = tokio::select! {
            biased;
            told = &mut told => return told.map_err(stopped)?,
            turn = Arc::clone(&self.turn).lock_owned() => turn,
        };
        let group = std::mem::take(&mut *self.waiting());
        // A task of its own: a browser that goes away takes only what it would have been told with it, nobody else's.
        tokio::spawn(async move {
            serve(&counter, group).await;
            drop(turn);
        });
        told.await.map_err(stopped)?
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting<A, R>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where several are served.
pub trait Counter<A, R>: Send + Sync + 'static {
    /// Serves these together, a write in one transaction; what came of each, in their order.
    fn serve(&self, asked: Vec<A>) -> impl Future<Output = Result<Vec<R>>> + Send;
}

async fn serve<A: Clone, R>(counter: &impl Counter<A, R>, mut group: Vec<Waiting<A, R>>) {
    while !group.is_empty() {
        let rest = group.split_off(group.len().min(TOGETHER));
        if let Err(together) = serve_some(counter, std::mem::replace(&mut group, rest)).await {
            // One that fails must not take the others with it: each is served alone.
            for alone in together {
                // One alone is told of its failure: it does not come back.
                let _ = serve_some(counter, vec![alone]).await;
            }
        }
    }
}

/// Serves these together and tells each; gives them back where several could not be served.
async fn serve_some<A: Clone, R>(
    counter: &impl Counter<A, R>,
    group: Vec<Waiting<A, R>>,
) -> std::result::Result<(), Vec<Waiting<A, R>>> {
    let asked = group.iter().map(|waiting| waiting.asked.clone()).collect();
    match counter.serve(asked).await {
        Ok(done) => {
            for (waiting, done) in group.into_iter().zip(done) {
                // Whoever asked may have gone: what was written stands all the same.
                let _ = waiting.tell.send(Ok(done));
            }
            Ok(())
        }
        Err(_) if group.len() > 1 => Err(group),
        Err(error) => {
            if let Some(alone) = group.into_iter().next() {
                let _ = alone.tell.send(Err(error));
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_goes_in_runs_of_few_lengths_and_none_is_lost() {
        for count in 0..300_usize {
            let rows: Vec<usize> = (0..count).collect();
            assert_eq!(runs(&rows).flatten().copied().collect::<Vec<_>>(), rows);
            assert!(runs(&rows).all(|run| run.len().is_power_of_two()));
            let keys = evened(rows.iter().copied());
            assert!(count == 0 || keys.len().is_power_of_two());
            assert_eq!(keys.into_iter().collect::<std::collections::BTreeSet<_>>().len(), count);
        }
    }
}
