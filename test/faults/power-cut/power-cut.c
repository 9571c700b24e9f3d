/*
 * A disk that forgets what was not synced, and takes its time to sync. Loaded with LD_PRELOAD.
 *
 *   POWER_CUT_SYNC_MS   milliseconds by which every fdatasync, fsync and synchronous write is delayed
 *   POWER_CUT_NO_SYNC   if set, no sync of a watched file reaches the disk, as in a build that does not sync
 *   POWER_CUT_FOLDER    absolute path: files under it are watched
 *   POWER_CUT_LOG       existing folder, outside of it: what would undo the un-synced writes is kept there
 *
 * Before a write to a watched file, its old bytes and its old length are appended to a log of that file, with
 * write(2), so that they outlive a SIGKILL of this process (the page cache does). When a sync of the file
 * *begins*, the log's length is noted; when it has *completed*, everything up to there is forgotten: a write
 * made while the sync ran stays revocable, as on a disk. After the kill, undo-log.ts applies the logs backwards.
 *
 * A write through a descriptor with O_SYNC or O_DSYNC is durable when it returns, but only itself, not what
 * was written before it elsewhere in the file: its record is marked durable then, and guards its bytes against
 * the undoing of earlier records.
 *
 * One log for each inode, named <device>-<inode>. A record is a `struct record` and then the bytes it kept. Forgetting copies what must stay to a new log and
 * renames it over the old one, so that a kill at any moment finds a whole log; a record cut short at the end is
 * one whose write had not begun.
 *
 * What it does not see: writes through a shared writable mapping (LMDB makes those only with MDB_WRITEMAP; the
 * lock table it maps is worth nothing after a crash), renames and unlinks, and io_uring.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MAGIC = 0x54554321, REVOCABLE = 0, DURABLE = 1, MOST_FILES = 256, MOST_DESCRIPTORS = 4096 };

struct record {
  uint64_t magic, offset, written, old_length, kept;
  uint64_t state; /* REVOCABLE, or DURABLE once a synchronous write has returned */
};

struct file {
  dev_t device;
  ino_t inode;
  int reader, log;
  uint64_t log_length;
  uint64_t forgotten; /* bytes of log dropped so far, so that positions stay valid across a drop */
  char log_path[PATH_MAX];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file files[MOST_FILES];
static int file_count;
/* For each descriptor, the file it was last seen to be: -1 not watched. Checked against fstat each time. */
static struct { dev_t device; ino_t inode; int index; } seen[MOST_DESCRIPTORS];

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fdatasync)(int);
static int (*real_fsync)(int);
static const char *folder, *log_folder;
static long delay_ms;
static int no_sync;

__attribute__((constructor)) static void find_real_functions(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  folder = getenv("POWER_CUT_FOLDER");
  log_folder = getenv("POWER_CUT_LOG");
  const char *delay = getenv("POWER_CUT_SYNC_MS");
  delay_ms = delay ? atol(delay) : 0;
  no_sync = getenv("POWER_CUT_NO_SYNC") != NULL;
}

static void give_up(const char *what) {
  fprintf(stderr, "power-cut: %s: %s\n", what, strerror(errno));
  _exit(70);
}

static void wait_for_disk(void) {
  struct timespec left = {delay_ms / 1000, (delay_ms % 1000) * 1000000};
  while (delay_ms > 0 && nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

static void append(int descriptor, const void *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = real_write(descriptor, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) give_up("cannot write the log");
    bytes = (const char *)bytes + written;
    length -= (size_t)written;
  }
}

/* Watching begins: a log, and a descriptor to read old bytes with. */
static int add_file(int descriptor, const struct stat *stat, const char *path) {
  if (file_count == MOST_FILES) give_up("too many files");
  struct file *file = &files[file_count];
  char link[64];
  file->device = stat->st_dev;
  file->inode = stat->st_ino;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  file->reader = open(link, O_RDONLY | O_CLOEXEC);
  snprintf(file->log_path, sizeof file->log_path, "%s/%lu-%lu", log_folder, (unsigned long)stat->st_dev,
           (unsigned long)stat->st_ino);
  file->log = open(file->log_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file->reader < 0 || file->log < 0) give_up(path);
  return file_count++;
}

/* The watched file behind a descriptor, or NULL. To be called with the lock held. */
static struct file *watched(int descriptor) {
  struct stat stat;
  char link[64], path[PATH_MAX];
  if (!folder || !log_folder || descriptor < 0 || descriptor >= MOST_DESCRIPTORS) return NULL;
  if (fstat(descriptor, &stat) != 0 || !S_ISREG(stat.st_mode)) return NULL;
  if (seen[descriptor].device == stat.st_dev && seen[descriptor].inode == stat.st_ino) {
    return seen[descriptor].index < 0 ? NULL : &files[seen[descriptor].index];
  }
  int index = -1;
  for (int i = 0; i < file_count; i++) {
    if (files[i].device == stat.st_dev && files[i].inode == stat.st_ino) index = i;
  }
  if (index < 0) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    size_t prefix = strlen(folder);
    if (strncmp(path, folder, prefix) == 0 && path[prefix] == '/') index = add_file(descriptor, &stat, path);
  }
  seen[descriptor].device = stat.st_dev;
  seen[descriptor].inode = stat.st_ino;
  seen[descriptor].index = index;
  return index < 0 ? NULL : &files[index];
}

/* Logs what `length` bytes at `offset` hold now. Returns where the record begins, counted over all time. */
static uint64_t remember(struct file *file, uint64_t offset, uint64_t length) {
  struct stat stat;
  if (fstat(file->reader, &stat) != 0) give_up("cannot read the length");
  uint64_t old_length = (uint64_t)stat.st_size;
  uint64_t kept = offset >= old_length ? 0 : old_length - offset < length ? old_length - offset : length;
  struct record record = {MAGIC, offset, length, old_length, kept, REVOCABLE};
  char *bytes = malloc(sizeof record + kept);
  if (!bytes) give_up("no memory");
  memcpy(bytes, &record, sizeof record);
  for (uint64_t got = 0; got < kept;) {
    ssize_t part = pread(file->reader, bytes + sizeof record + got, kept - got, (off_t)(offset + got));
    if (part <= 0) give_up("cannot read the old bytes");
    got += (uint64_t)part;
  }
  append(file->log, bytes, sizeof record + kept);
  free(bytes);
  uint64_t position = file->forgotten + file->log_length;
  file->log_length += sizeof record + kept;
  return position;
}

/* A synchronous write has returned: nothing written before it to the same bytes can come back. */
static void mark_durable(struct file *file, uint64_t position) {
  if (position < file->forgotten) return;
  uint64_t state = DURABLE;
  off_t at = (off_t)(position - file->forgotten + offsetof(struct record, state));
  /* A descriptor in append mode ignores the offset of pwrite on Linux, hence another one. */
  int log = open(file->log_path, O_WRONLY | O_CLOEXEC);
  if (log < 0 || real_pwrite(log, &state, sizeof state, at) != sizeof state) give_up("cannot mark the log");
  close(log);
}

/* Drops the log up to `position`: a new log with the rest takes its place in one step. */
static void forget(struct file *file, uint64_t position) {
  if (position <= file->forgotten) return;
  uint64_t drop = position - file->forgotten, rest = file->log_length - drop;
  char fresh_path[PATH_MAX + 8], *bytes = malloc(rest + 1);
  snprintf(fresh_path, sizeof fresh_path, "%s.new", file->log_path);
  int old = open(file->log_path, O_RDONLY | O_CLOEXEC);
  int fresh = open(fresh_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (!bytes || old < 0 || fresh < 0) give_up("cannot make a new log");
  for (uint64_t got = 0; got < rest;) {
    ssize_t part = pread(old, bytes + got, rest - got, (off_t)(drop + got));
    if (part <= 0) give_up("cannot read the log");
    got += (uint64_t)part;
  }
  append(fresh, bytes, rest);
  free(bytes);
  if (rename(fresh_path, file->log_path) != 0) give_up("cannot replace the log");
  close(old);
  close(file->log);
  file->log = fresh;
  file->log_length = rest;
  file->forgotten = position;
}

static uint64_t total(const struct iovec *parts, int count) {
  uint64_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
  return bytes;
}

/* Where a write without an offset would go. */
static uint64_t current_offset(int descriptor) {
  struct stat stat;
  if (fcntl(descriptor, F_GETFL) & O_APPEND) return fstat(descriptor, &stat) == 0 ? (uint64_t)stat.st_size : 0;
  off_t at = lseek(descriptor, 0, SEEK_CUR);
  return at < 0 ? 0 : (uint64_t)at;
}

/* Logs, writes, and when the descriptor is synchronous waits and marks. `write` is an expression. */
#define GUARDED(descriptor, offset, length, write)                              \
  pthread_mutex_lock(&lock);                                                    \
  struct file *file = watched(descriptor);                                      \
  if (!file) {                                                                  \
    pthread_mutex_unlock(&lock);                                                \
    return write;                                                               \
  }                                                                             \
  uint64_t position = remember(file, offset, length);                           \
  ssize_t result = write;                                                       \
  int failure = errno;                                                          \
  int synchronous = !no_sync && fcntl(descriptor, F_GETFL) & (O_SYNC | O_DSYNC); \
  pthread_mutex_unlock(&lock);                                                  \
  if (synchronous && result >= 0) {                                             \
    wait_for_disk();                                                            \
    pthread_mutex_lock(&lock);                                                  \
    mark_durable(file, position);                                               \
    pthread_mutex_unlock(&lock);                                                \
  }                                                                             \
  errno = failure;                                                              \
  return result

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
  GUARDED(descriptor, (uint64_t)offset, length, real_pwrite(descriptor, bytes, length, offset));
}
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset) {
  GUARDED(descriptor, (uint64_t)offset, total(parts, count), real_pwritev(descriptor, parts, count, offset));
}
ssize_t write(int descriptor, const void *bytes, size_t length) {
  GUARDED(descriptor, current_offset(descriptor), length, real_write(descriptor, bytes, length));
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  GUARDED(descriptor, current_offset(descriptor), total(parts, count), real_writev(descriptor, parts, count));
}
int ftruncate64(int descriptor, off64_t length) {
  GUARDED(descriptor, (uint64_t)length, UINT64_MAX - (uint64_t)length, real_ftruncate(descriptor, length));
}
ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return pwrite64(descriptor, bytes, length, offset);
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
  return pwritev64(descriptor, parts, count, offset);
}
int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

static int guarded_sync(int descriptor, int (*sync)(int)) {
  pthread_mutex_lock(&lock);
  struct file *file = watched(descriptor);
  uint64_t position = file ? file->forgotten + file->log_length : 0;
  pthread_mutex_unlock(&lock);
  if (file && no_sync) return 0;
  int result = sync(descriptor);
  int failure = errno;
  wait_for_disk();
  if (file && result == 0) {
    pthread_mutex_lock(&lock);
    forget(file, position);
    pthread_mutex_unlock(&lock);
  }
  errno = failure;
  return result;
}

int fdatasync(int descriptor) { return guarded_sync(descriptor, real_fdatasync); }
int fsync(int descriptor) { return guarded_sync(descriptor, real_fsync); }
