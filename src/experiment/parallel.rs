//! An ordered parallel map, and streams of results in order or in any. The only user of threads: the map's results come back in
//! the order of the input on any number of threads, so nothing that is written depends on how many there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, PoisonError};

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

/// Lets one function tell items and maps each beside it, as soon as it is told; results come in the order of telling.
pub fn beside<T: Send, R: Send, P>(
    tells: impl FnOnce(&mut dyn FnMut(T)) -> P,
    f: impl Fn(T) -> R + Sync,
) -> (P, Vec<R>) {
    let mut results: Vec<(usize, R)> = Vec::new();
    let mut n_told = 0;
    if rayon::current_num_threads() <= 1 {
        let told = tells(&mut |item| results.push((results.len(), f(item))));
        return (told, results.into_iter().map(|(_, result)| result).collect());
    }
    let ready = Mutex::new(&mut results);
    let told = rayon::in_place_scope(|scope| {
        tells(&mut |item| {
            let (idx, f, ready) = (n_told, &f, &ready);
            n_told += 1;
            scope.spawn(move |_| {
                let result = f(item);
                ready.lock().unwrap_or_else(PoisonError::into_inner).push((idx, result));
            });
        })
    });
    results.sort_by_key(|(idx, _)| *idx);
    (told, results.into_iter().map(|(_, result)| result).collect())
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

/// Computes items on as many threads as were asked for and takes the results one at a time in the order of the items, each on the
/// thread that made it: at most one result a thread is alive at a time. After `take` has failed no further one is taken.
///
/// # Errors
/// The first of `take`.
pub fn in_order<T: Sync, R: Send, E: Send>(
    items: &[T],
    f: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E> + Send,
) -> Result<(), E> {
    let n_threads = rayon::current_num_threads().min(items.len());
    if n_threads <= 1 {
        return items.iter().try_for_each(|item| take(f(item)));
    }
    let begun = AtomicUsize::new(0);
    let turn = Mutex::new(Turn { next: 0, take, failure: None, is_over: false });
    let passed = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                let _ends = EndsOnPanic(&turn, &passed);
                while let Some((idx, item)) = next_of(items, &begun) {
                    let result = f(item);
                    let turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
                    let waits = |t: &mut Turn<_, E>| t.next != idx && !t.is_over;
                    let turn = passed.wait_while(turn, waits);
                    let mut turn = turn.unwrap_or_else(PoisonError::into_inner);
                    if turn.is_over {
                        return;
                    }
                    turn.failure = (turn.take)(result).err();
                    turn.is_over = turn.failure.is_some();
                    turn.next += 1;
                    passed.notify_all();
                }
            });
        }
    });
    let turn = turn.into_inner().unwrap_or_else(PoisonError::into_inner);
    turn.failure.map_or(Ok(()), Err)
}

/// The next item that nobody has begun.
fn next_of<'a, T>(items: &'a [T], begun: &AtomicUsize) -> Option<(usize, &'a T)> {
    let idx = begun.fetch_add(1, Ordering::Relaxed);
    items.get(idx).map(|item| (idx, item))
}

/// Whose result is taken next.
struct Turn<F, E> {
    next: usize,
    take: F,
    failure: Option<E>,
    is_over: bool,
}

/// A thread that panics lets nobody wait for it.
struct EndsOnPanic<'a, F, E>(&'a Mutex<Turn<F, E>>, &'a Condvar);

impl<F, E> Drop for EndsOnPanic<'_, F, E> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).is_over = true;
            self.1.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_mapped_in_order() {
        let tells = |tell: &mut dyn FnMut(u64)| (0..200).map(tell).count();
        let (n, squares) = beside(tells, |i| i * i);
        assert_eq!(n, 200);
        assert_eq!(squares, (0..200).map(|i| i * i).collect::<Vec<_>>());
    }

    #[test]
    fn results_are_taken_in_order() {
        let items: Vec<u32> = (0..500).collect();
        let mut taken = Vec::new();
        let result: Result<(), ()> = in_order(
            &items,
            |i| {
                // Some take longer than others.
                (0..(i * 7919) % 1000).fold(u64::from(*i), |sum, _| std::hint::black_box(sum))
                    as u32
            },
            |i| {
                taken.push(i);
                Ok(())
            },
        );
        assert_eq!(result, Ok(()));
        assert_eq!(taken, items);
    }

    #[test]
    fn nothing_is_taken_after_a_failure() {
        let items: Vec<u32> = (0..500).collect();
        let mut taken = Vec::new();
        let result = in_order(
            &items,
            |i| *i,
            |i| {
                taken.push(i);
                if i == 100 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(result, Err("full"));
        assert_eq!(taken, (0..=100).collect::<Vec<_>>());
    }

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
