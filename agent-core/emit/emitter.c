/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/emitter-state.h"
#include "emit/timer.h"

/* Milliseconds between two looks at the quality of the clock. */
#define CLOCK_INTERVAL (60 * 1000)

static void
_tell(const CdEmitter *self, const gchar *what, gboolean is_well)
{
  if (self->trouble)
    self->trouble(what, is_well, self->user_data);
}

static void
_spool_trouble(const GError *error, gpointer user_data)
{
  const CdEmitter *self = user_data;
  g_autofree gchar *what = NULL;

  what = error
           ? g_strdup_printf("the spool: %s; what it cannot write stays in memory", error->message)
           : g_strdup("the spool is on disk again");
  _tell(self, what, !error);
}

static void
_feed_trouble(CdFeed *feed, const GError *error, gpointer user_data)
{
  const CdEmitter *self = user_data;
  g_autofree gchar *what = NULL;

  what = error ? g_strdup(error->message)
               : g_strdup_printf("%s is reached again", cd_feed_get_uri(feed));
  _tell(self, what, !error);
}

static gboolean
_look_at_clock(gpointer user_data)
{
  CdEmitter *self = user_data;

  cd_sender_look_at_clock(self->sender);
  return G_SOURCE_CONTINUE;
}

static gboolean
_open_spool(CdEmitter *self, const CdEmitterOptions *options, GError **error)
{
  const CdSpoolOptions spool = {
    .folder = options->folder,
    .size_max = options->size_max ? options->size_max : CD_SPOOL_SIZE_DEFAULT,
    .drop = options->drop,
    .trouble = _spool_trouble,
    .user_data = self,
  };

  self->spool = cd_spool_open(&spool, error);
  return self->spool != NULL;
}

static void
_free_target(gpointer target)
{
  cd_target_free(target);
}

static gboolean
_is_new(const gchar *const *uris, const gchar *const *uri, GError **error)
{
  for (; uris < uri; uris++)
    if (strcmp(*uris, *uri) == 0)
      {
        g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_URI, "\"%s\" is given twice", *uri);
        return FALSE;
      }
  return TRUE;
}

/* All of them before the spool is opened: what is wrong in a word leaves no trace on disk. */
static GPtrArray *
_make_targets(const gchar *const *uris, const CdTargetTls *tls, GError **error)
{
  g_autoptr(GPtrArray) targets = g_ptr_array_new_with_free_func(_free_target);

  for (const gchar *const *uri = uris; *uri; uri++)
    {
      CdTarget *target = cd_target_new(*uri, tls, error);
      if (!target)
        return NULL;
      g_ptr_array_add(targets, target);
      if (!_is_new(uris, uri, error))
        return NULL;
    }
  return g_steal_pointer(&targets);
}

/* The targets that something waits for, be it the news of a loss. */
static GPtrArray *
_make_own_targets(const CdEmitter *self, const CdTargetTls *tls, GError **error)
{
  g_autoptr(GPtrArray) others = cd_emitter_list_others(self);
  g_autoptr(GPtrArray) uris = g_ptr_array_new();

  for (guint i = 0; i < others->len; i++)
    {
      const CdSpoolOther *other = others->pdata[i];
      if (other->backlog || other->lost)
        g_ptr_array_add(uris, other->name);
    }
  g_ptr_array_add(uris, NULL);
  return _make_targets((const gchar *const *) uris->pdata, tls, error);
}

/* Takes the target. */
static gboolean
_add_feed(CdEmitter *self, CdTarget *target, GError **error)
{
  CdCursor *cursor = cd_spool_get_cursor(self->spool, cd_target_get_uri(target), error);

  if (!cursor)
    {
      cd_target_free(target);
      return FALSE;
    }
  g_ptr_array_add(self->feeds, cd_feed_new(cursor, target, self->sender, _feed_trouble, self));
  return TRUE;
}

static gboolean
_start(CdEmitter *self, const CdEmitterOptions *options, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;

  if (options->uris && !(targets = _make_targets(options->uris, options->tls, error)))
    return FALSE;
  if (!_open_spool(self, options, error))
    return FALSE;
  if (!targets && !(targets = _make_own_targets(self, options->tls, error)))
    return FALSE;
  while (targets->len)
    if (!_add_feed(self, g_ptr_array_steal_index(targets, 0), error))
      return FALSE;
  self->clock = cd_timer_start(CLOCK_INTERVAL, _look_at_clock, self);
  return TRUE;
}

CdEmitter *
cd_emitter_new(const CdEmitterOptions *options, GError **error)
{
  g_autoptr(CdEmitter) self = g_new0(CdEmitter, 1);

  self->trouble = options->trouble;
  self->user_data = options->user_data;
  self->feeds = g_ptr_array_new_with_free_func((GDestroyNotify) cd_feed_free);
  self->line = g_string_new(NULL);
  self->sender = cd_sender_new(options->app_name, options->pen);
  if (options->host)
    cd_sender_set_host(self->sender, options->host);
  return _start(self, options, error) ? g_steal_pointer(&self) : NULL;
}

guint64
cd_emitter_close(CdEmitter *self)
{
  guint64 lost = 0;

  cd_timer_stop(&self->clock);
  g_ptr_array_unref(self->feeds);
  if (self->spool)
    lost = cd_spool_close(self->spool);
  cd_sender_free(self->sender);
  g_string_free(self->line, TRUE);
  g_free(self);
  return lost;
}

void
cd_emitter_free(CdEmitter *self)
{
  cd_emitter_close(self);
}

static guint32
_accept(CdEmitter *self, const CdRecord *record)
{
  gint64 now = g_get_real_time();
  g_autoptr(GError) error = NULL;
  guint32 sequence;

  g_string_truncate(self->line, 0);
  sequence = cd_sender_append_record(self->sender, self->line, record, now);
  if (!cd_spool_append(self->spool, sequence, now, (CdText) { self->line->str, self->line->len },
                       &error))
    _tell(self, error->message, FALSE);
  for (guint i = 0; i < self->feeds->len; i++)
    cd_feed_wake(self->feeds->pdata[i]);
  return sequence;
}

guint32
cd_emitter_accept(CdEmitter *self, const CdRecord *record)
{
  gint64 start = cd_histogram_now();
  guint32 sequence = _accept(self, record);

  cd_histogram_add(&self->accept_time, cd_histogram_now() - start);
  cd_tally_add(&self->disconnects, record);
  return sequence;
}

const gchar *
cd_emitter_get_run_id(const CdEmitter *self)
{
  return cd_sender_get_run_id(self->sender);
}

void
cd_emitter_retry(CdEmitter *self)
{
  for (guint i = 0; i < self->feeds->len; i++)
    cd_feed_retry(self->feeds->pdata[i]);
}

gboolean
cd_emitter_is_done(CdEmitter *self)
{
  for (guint i = 0; i < self->feeds->len; i++)
    if (!cd_feed_is_done(self->feeds->pdata[i]))
      return FALSE;
  return TRUE;
}

/* The clock may have been set back since. */
static gint64
_get_age(gint64 time)
{
  return time ? MAX(g_get_real_time() - time, 0) : 0;
}

void
cd_emitter_get_figures(const CdEmitter *self, CdEmitterFigures *figures)
{
  cd_spool_get_figures(self->spool, &figures->spool);
  figures->oldest_age = _get_age(figures->spool.oldest);
  figures->accept_time = self->accept_time;
  figures->disconnects = self->disconnects;
  figures->n_targets = self->feeds->len;
  for (guint i = 0; i < self->feeds->len; i++)
    {
      figures->uris[i] = cd_feed_get_uri(self->feeds->pdata[i]);
      cd_feed_get_figures(self->feeds->pdata[i], &figures->targets[i]);
    }
}

gchar *
cd_emitter_describe_hindrance(const CdEmitter *self, guint nth)
{
  return cd_feed_describe_hindrance(self->feeds->pdata[nth]);
}

GPtrArray *
cd_emitter_list_others(const CdEmitter *self)
{
  return cd_spool_list_other_cursors(self->spool);
}

gboolean
cd_emitter_forget(CdEmitter *self, const gchar *uri)
{
  return cd_spool_forget_cursor(self->spool, uri);
}
