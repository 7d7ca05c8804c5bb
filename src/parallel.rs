//! An ordered parallel map, and a stream of results in any order. The only user of threads: the map's results come back in
//! the order of the input on any number of threads, so nothing that is written depends on how many there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

/// Sets the number of threads for the process; 0 for one a core. Only the first call counts.
pub fn use_threads(n: usize) {
    // A second call fails because the pool exists already, which is what is wanted.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(n).build_global();
}

/// Maps every item, several at a time, and keeps their order.
pub fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    items.par_iter().map(f).collect()
}

/// The same; `told` hears after every item how many are done.
pub fn map_telling<T: Sync, R: Send>(
    items: &[T],
    f: impl Fn(&T) -> R + Sync + Send,
    told: impl Fn(usize) + Sync + Send,
) -> Vec<R> {
    let n_done = AtomicUsize::new(0);
    map(items, |item| {
        let result = f(item);
        told(n_done.fetch_add(1, Ordering::Relaxed) + 1);
        result
    })
}

/// Computes items on as many threads as were asked for and hands each result to the calling thread, in the order in which they
/// are ready. No result waits in a queue: at most one a thread and the one that is being taken are alive at a time. No further
/// item is begun after `f` has said `None` on every thread, or `take` has failed.
///
/// # Errors
/// The first of `take`.
pub fn stream<T: Sync, R: Send, E>(
    items: &[T],
    f: impl Fn(&T) -> Option<R> + Sync,
    take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(0);
        for _ in 0..rayon::current_num_threads().min(items.len()) {
            let (sender, next, f) = (sender.clone(), &next, &f);
            scope.spawn(move || {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(result) = f(item) else { return };
                    if sender.send(result).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        receiver.iter().try_for_each(take)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_takes_every_item_once() {
        let items: Vec<usize> = (0..100).collect();
        let mut taken = Vec::new();
        let result: Result<(), ()> = stream(
            &items,
            |i| Some(i * i),
            |square| {
                taken.push(square);
                Ok(())
            },
        );
        assert_eq!(result, Ok(()));
        taken.sort_unstable();
        assert_eq!(taken, items.iter().map(|i| i * i).collect::<Vec<_>>());
    }

    /// After a failure no thread begins more than the item that it has at hand.
    #[test]
    fn a_stream_ends_when_a_result_cannot_be_taken() {
        let items: Vec<usize> = (0..10_000).collect();
        let n_begun = AtomicUsize::new(0);
        let result = stream(
            &items,
            |i| {
                n_begun.fetch_add(1, Ordering::Relaxed);
                Some(*i)
            },
            |_| Err("full"),
        );
        assert_eq!(result, Err("full"));
        assert!(n_begun.into_inner() <= 2 * rayon::current_num_threads());
    }
}
