//! Killed at any moment, a sweep loses at most the parts at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::{Kind, Shard, Store, prepare};
use super::{Sample, manifest, run, snapshot, whole};
use crate::sweep::drive::{Progress, Stop, drive};

/// Names the folder to a child of this test binary.
const FOLDER: &str = "XUEWEI_TEST_SWEEP";
/// Draws of the sweep that is killed: 50 parts.
const DRAWS: u64 = 800;

/// Run by itself this is nothing; as a child of the next test it goes on with a sweep until it is killed.
#[test]
fn child_that_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let prepared = prepare(Path::new(&folder), manifest(DRAWS), Shard::WHOLE, true).expect("ready");
    let slow = Sample { pause: Duration::from_millis(4) };
    drive(&slow, &prepared.store, &prepared.todo, &Stop::default(), |_| ()).expect("written");
}

/// Starts the child on a folder and kills it after a time; says whether it was still running.
fn killed(folder: &Path, after: Duration) -> bool {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "sweep::store::tests::kills::child_that_is_killed"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    std::thread::sleep(after);
    let is_running = child.try_wait().expect("its state").is_none();
    // On Unix this is SIGKILL.
    child.kill().expect("killed");
    child.wait().expect("its end");
    is_running
}

#[test]
fn a_killed_sweep_goes_on_to_the_same_bytes() {
    let home = tempfile::tempdir().expect("a folder");
    let (undisturbed, folder) = (home.path().join("undisturbed"), home.path().join("killed"));
    run(&undisturbed, manifest(DRAWS), Shard::WHOLE, false).expect("a sweep");
    let mut n_killed = 0;
    for kill in 0..12 {
        let after = (40.0 * crate::random::uniform(5, &format!("kill/{kill}"))) as u64;
        n_killed += u32::from(killed(&folder, Duration::from_millis(3 + after)));
    }
    assert!(n_killed >= 3, "only {n_killed} children were killed");
    run(&folder, manifest(DRAWS), Shard::WHOLE, true).expect("the rest");
    assert_eq!(snapshot(&folder), snapshot(&undisturbed));
}

/// Told to stop after the second part, no thread begins more than the part it was about to begin.
#[test]
fn a_sweep_that_is_told_to_stop_finishes_the_parts_at_hand() {
    let home = tempfile::tempdir().expect("a folder");
    let (folder, undisturbed) = (home.path().join("stopped"), home.path().join("undisturbed"));
    let prepared = prepare(&folder, manifest(DRAWS), Shard::WHOLE, false).expect("ready");
    let stop = Stop::default();
    let told = |progress: &Progress| {
        if progress.n_parts == 2 {
            stop.after_parts.store(true, Ordering::Relaxed);
        }
    };
    let done =
        drive(&Sample::default(), &prepared.store, &prepared.todo, &stop, told).expect("written");
    let most = 2 + 2 * rayon_threads();
    assert!(done.n_parts >= 2 && done.n_parts <= most, "{done:?}");
    assert_eq!(done.n_draws, 16 * done.n_parts);
    assert_eq!(prepared.store.missing().len() as u64, 50 - done.n_parts);
    run(&folder, manifest(DRAWS), Shard::WHOLE, true).expect("the rest");
    run(&undisturbed, manifest(DRAWS), Shard::WHOLE, false).expect("a sweep");
    assert_eq!(snapshot(&folder), snapshot(&undisturbed));
}

fn rayon_threads() -> u64 {
    std::thread::available_parallelism().map_or(1, |n| n.get() as u64)
}

/// A small file system of its own that runs full, where the machine can make one.
#[cfg(target_os = "linux")]
fn tiny(folder: &Path) -> Option<PathBuf> {
    fs::create_dir_all(folder).ok()?;
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=48k", "tmpfs"])
        .arg(folder)
        .stderr(Stdio::null())
        .status();
    mounted.is_ok_and(|status| status.success()).then(|| folder.to_path_buf())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_what_was_finished() {
    let home = tempfile::tempdir().expect("a folder");
    // Without the right to mount there is nothing to try; a file that must not grow stands for it in the next test.
    let Some(disk) = tiny(&home.path().join("disk")) else { return };
    let folder = disk.join("sweep");
    let error = run(&folder, manifest(DRAWS), Shard::WHOLE, false).expect_err("a full disk");
    let said = error.to_string();
    let store = Store::open(&folder).expect("a store");
    let n_finished = store.n_parts() - store.missing().len() as u64;
    let left: Vec<_> = snapshot(&folder);
    let copied = home.path().join("copied");
    fs::create_dir_all(copied.join("draws")).expect("a folder");
    for (name, bytes) in &left {
        fs::write(copied.join(name.trim_start_matches('/')), bytes).expect("copied");
    }
    let unmounted = Command::new("umount").arg(&disk).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    assert_eq!(error.kind, Kind::Disk);
    assert!(said.contains("make room") && said.contains("--resume"), "{said}");
    assert!(n_finished > 0 && n_finished < 50);
    assert!(left.iter().all(|(name, _)| !name.contains("writing")));
    run(&copied, manifest(DRAWS), Shard::WHOLE, true).expect("the rest");
    let undisturbed = home.path().join("undisturbed");
    run(&undisturbed, manifest(DRAWS), Shard::WHOLE, false).expect("a sweep");
    assert_eq!(snapshot(&copied), snapshot(&undisturbed));
}

/// Writing fails where a folder stands in the way of a part: it is named, the others are finished or absent, none is half.
#[test]
fn a_part_that_cannot_be_written_ends_the_sweep() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("sweep");
    whole(&folder);
    for name in ["part-000005.parquet", "part-000005.sha256", "part-000006.sha256"] {
        fs::remove_file(folder.join("draws").join(name)).expect("removed");
    }
    let store = Store::open(&folder).expect("a store");
    fs::create_dir(folder.join("draws/part-000005.parquet")).expect("a folder");
    let error = drive(&Sample::default(), &store, &[5, 6], &Stop::default(), |_| ());
    let error = error.expect_err("a folder in the way");
    assert_eq!(error.kind, Kind::Disk);
    assert!(error.path.ends_with("part-000005.parquet"), "{error}");
    let names = super::files::names(&folder.join("draws")).expect("names");
    assert!(names.iter().all(|name| !name.contains("writing")), "{names:?}");
}
