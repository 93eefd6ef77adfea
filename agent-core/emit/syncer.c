/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/syncer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_SECONDS 1

#define UNCUT (-1)

typedef struct _File
{
  int fd; /* of our own */
  off_t size;
} File;

struct _CdSyncer
{
  pthread_mutex_t lock; /* ThreadSanitizer sees no lock of GLib's */
  pthread_cond_t wake;
  pthread_t thread;
  gboolean has_thread;
  GArray *waiting; /* of File */
  CdSyncerJob job; /* that waits */
  CdSyncerJob job_done;
  gpointer job_data;
  gboolean has_run;
  gboolean is_ending;
  int code;   /* of the last round */
  gint round; /* atomic: the one that is being filled */
  GSource *news;
  int told;
  CdSyncerChanged changed;
  gpointer user_data;
};

typedef struct _News
{
  GSource super;
  CdSyncer *syncer;
} News;

static gboolean
_tell(GSource *source, GSourceFunc callback, gpointer user_data)
{
  CdSyncer *self = ((News *) source)->syncer;
  gboolean has_run;
  int code;

  g_source_set_ready_time(source, -1);
  pthread_mutex_lock(&self->lock);
  code = self->code;
  has_run = self->has_run;
  self->has_run = FALSE;
  pthread_mutex_unlock(&self->lock);
  if (has_run)
    self->job_done(self->job_data);
  if (code != self->told)
    {
      self->told = code;
      self->changed(code, self->user_data);
    }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs news_functions = { .dispatch = _tell };

CdSyncer *
cd_syncer_new(CdSyncerChanged changed, gpointer user_data)
{
  CdSyncer *self = g_new0(CdSyncer, 1);
  pthread_condattr_t monotonic;

  self->changed = changed;
  self->user_data = user_data;
  self->waiting = g_array_new(FALSE, FALSE, sizeof(File));
  self->round = 1;
  pthread_mutex_init(&self->lock, NULL);
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&self->wake, &monotonic);
  pthread_condattr_destroy(&monotonic);
  self->news = g_source_new(&news_functions, sizeof(News));
  ((News *) self->news)->syncer = self;
  g_source_attach(self->news, g_main_context_get_thread_default());
  return self;
}

static int
_sync_file(const File *file)
{
  int code = 0;
  int status;

  if (file->size != UNCUT && ftruncate(file->fd, file->size) != 0)
    code = errno;
  do
    status = fsync(file->fd);
  while (status != 0 && errno == EINTR);
  return status == 0 ? code : errno;
}

/* Returns: errno of the last that failed, or 0. */
static int
_sync_all(const GArray *files)
{
  int code = 0;

  for (guint i = 0; i < files->len; i++)
    {
      const File *file = &g_array_index(files, File, i);
      int failed = _sync_file(file);

      code = failed ? failed : code;
      close(file->fd);
    }
  return code;
}

/* Unlocks meanwhile. */
static void
_sync_round(CdSyncer *self)
{
  GArray *files = self->waiting;
  int code;

  self->waiting = g_array_new(FALSE, FALSE, sizeof(File));
  g_atomic_int_inc(&self->round);
  pthread_mutex_unlock(&self->lock);
  code = _sync_all(files);
  g_array_free(files, TRUE);
  pthread_mutex_lock(&self->lock);
  if (code != self->code)
    g_source_set_ready_time(self->news, 0);
  self->code = code;
}

/* Unlocks meanwhile. */
static void
_run_job(CdSyncer *self)
{
  CdSyncerJob job = self->job;

  self->job = NULL;
  pthread_mutex_unlock(&self->lock);
  job(self->job_data);
  pthread_mutex_lock(&self->lock);
  self->has_run = TRUE;
  g_source_set_ready_time(self->news, 0);
}

static gboolean
_is_later(const struct timespec *time)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec > time->tv_sec || (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec);
}

/* Returns: when the next one may be. */
static struct timespec
_end_round(CdSyncer *self)
{
  struct timespec next;

  _sync_round(self);
  clock_gettime(CLOCK_MONOTONIC, &next);
  next.tv_sec += PAUSE_SECONDS;
  return next;
}

static gpointer
_run(gpointer data)
{
  CdSyncer *self = data;
  struct timespec next = { 0 };

  pthread_mutex_lock(&self->lock);
  while (!self->is_ending)
    if (self->job)
      _run_job(self);
    else if (self->waiting->len == 0)
      pthread_cond_wait(&self->wake, &self->lock);
    else if (_is_later(&next))
      next = _end_round(self);
    else
      pthread_cond_timedwait(&self->wake, &self->lock, &next);
  pthread_mutex_unlock(&self->lock);
  return NULL;
}

/* Signals are the main thread's. */
static gboolean
_start(CdSyncer *self)
{
  sigset_t all, before;
  int code;

  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  code = pthread_create(&self->thread, NULL, _run, self);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  self->has_thread = code == 0;
  return self->has_thread;
}

/* What cannot be synced is tried again when something more is written to it. */
static void
_note(CdSyncer *self, int code)
{
  pthread_mutex_lock(&self->lock);
  self->code = code;
  pthread_mutex_unlock(&self->lock);
  g_source_set_ready_time(self->news, 0);
}

/* Returns: whether it is in the list. */
static gboolean
_push(CdSyncer *self, int fd, off_t size)
{
  File file = { .size = size };

  if (!self->has_thread && !_start(self))
    {
      _note(self, EAGAIN);
      return FALSE;
    }
  file.fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (file.fd < 0)
    {
      _note(self, errno);
      return FALSE;
    }
  pthread_mutex_lock(&self->lock);
  g_array_append_val(self->waiting, file);
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  return TRUE;
}

void
cd_syncer_add(CdSyncer *self, int fd, guint *round)
{
  const guint now = self ? (guint) g_atomic_int_get(&self->round) : 0;

  if (self && *round != now && _push(self, fd, UNCUT))
    *round = now;
}

/* A file that is not cut is only larger than it need be. */
void
cd_syncer_cut(CdSyncer *self, int fd, off_t size)
{
  if (self)
    _push(self, fd, size);
}

gboolean
cd_syncer_run(CdSyncer *self, CdSyncerJob job, CdSyncerJob done, gpointer data)
{
  gboolean is_free;

  if (!self->has_thread && !_start(self))
    return FALSE;
  pthread_mutex_lock(&self->lock);
  is_free = !self->job;
  if (is_free)
    {
      self->job = job;
      self->job_done = done;
      self->job_data = data;
    }
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  return is_free;
}

int
cd_syncer_free(CdSyncer *self)
{
  int code;

  pthread_mutex_lock(&self->lock);
  self->is_ending = TRUE;
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
  if (self->has_thread)
    pthread_join(self->thread, NULL);
  code = _sync_all(self->waiting);
  g_array_free(self->waiting, TRUE);
  g_source_destroy(self->news);
  g_source_unref(self->news);
  pthread_cond_destroy(&self->wake);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
  return code;
}
