/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/syncer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_SECONDS 1

struct _CdSyncer
{
  pthread_mutex_t lock; /* ThreadSanitizer sees no lock of GLib's */
  pthread_cond_t wake;
  pthread_t thread;
  gboolean has_thread;
  GArray *waiting; /* of int, descriptors of our own */
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
  int code;

  g_source_set_ready_time(source, -1);
  pthread_mutex_lock(&self->lock);
  code = self->code;
  pthread_mutex_unlock(&self->lock);
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
  self->waiting = g_array_new(FALSE, FALSE, sizeof(int));
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

/* Returns: errno of the last that failed, or 0. */
static int
_sync_all(const GArray *files)
{
  int code = 0;

  for (guint i = 0; i < files->len; i++)
    {
      int fd = g_array_index(files, int, i);
      int status;

      do
        status = fsync(fd);
      while (status != 0 && errno == EINTR);
      if (status != 0)
        code = errno;
      close(fd);
    }
  return code;
}

/* Unlocks meanwhile. */
static void
_sync_round(CdSyncer *self)
{
  GArray *files = self->waiting;
  int code;

  self->waiting = g_array_new(FALSE, FALSE, sizeof(int));
  g_atomic_int_inc(&self->round);
  pthread_mutex_unlock(&self->lock);
  code = _sync_all(files);
  g_array_free(files, TRUE);
  pthread_mutex_lock(&self->lock);
  if (code != self->code)
    g_source_set_ready_time(self->news, 0);
  self->code = code;
}

static void
_pause(CdSyncer *self, struct timespec *until)
{
  while (!self->is_ending && pthread_cond_timedwait(&self->wake, &self->lock, until) != ETIMEDOUT)
    ;
}

static gpointer
_run(gpointer data)
{
  CdSyncer *self = data;
  struct timespec until;

  pthread_mutex_lock(&self->lock);
  while (!self->is_ending)
    {
      while (!self->is_ending && self->waiting->len == 0)
        pthread_cond_wait(&self->wake, &self->lock);
      _sync_round(self);
      clock_gettime(CLOCK_MONOTONIC, &until);
      until.tv_sec += PAUSE_SECONDS;
      _pause(self, &until);
    }
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

void
cd_syncer_add(CdSyncer *self, int fd, guint *round)
{
  int own;

  if (!self || *round == (guint) g_atomic_int_get(&self->round))
    return;
  if (!self->has_thread && !_start(self))
    {
      _note(self, EAGAIN);
      return;
    }
  own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (own < 0)
    {
      _note(self, errno);
      return;
    }
  pthread_mutex_lock(&self->lock);
  g_array_append_val(self->waiting, own);
  *round = (guint) g_atomic_int_get(&self->round);
  pthread_cond_signal(&self->wake);
  pthread_mutex_unlock(&self->lock);
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
