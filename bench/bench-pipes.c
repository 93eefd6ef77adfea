/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-pipes.h"

#include "cfg.h"

typedef struct _Pair
{
  NVHandle handle;
  LogMessageValueType type;
  gchar *value;
  gssize length;
} Pair;

typedef struct _BenchSetter
{
  LogPipe super;
  GArray *pairs;
  GArray *tags;
} BenchSetter;

static void
_sink_queue(LogPipe *s, LogMessage *message, const LogPathOptions *path_options)
{
  BenchSink *self = (BenchSink *) s;

  self->arrived[self->n_arrived++] = message;
}

BenchSink *
bench_sink_new(guint n_messages)
{
  BenchSink *self = g_new0(BenchSink, 1);

  log_pipe_init_instance(&self->super, configuration);
  self->super.queue = _sink_queue;
  self->arrived = g_new0(LogMessage *, n_messages);
  g_assert_true(log_pipe_init(&self->super));
  return self;
}

void
bench_sink_empty(BenchSink *self)
{
  while (self->n_arrived)
    log_msg_unref(self->arrived[--self->n_arrived]);
}

void
bench_sink_free(BenchSink *self)
{
  g_free(self->arrived);
  log_pipe_deinit(&self->super);
  log_pipe_unref(&self->super);
}

static gboolean
_take_pair(NVHandle handle, const gchar *name, const gchar *value, gssize length,
           LogMessageValueType type, gpointer user_data)
{
  Pair pair = { handle, type, NULL, length };

  if (!g_str_has_prefix(name, BENCH_PREFIX) && !g_str_has_prefix(name, BENCH_OTHER_PREFIX))
    return FALSE;
  pair.value = g_strndup(value, (gsize) length);
  g_array_append_val((GArray *) user_data, pair);
  return FALSE;
}

static void
_free_pair(gpointer data)
{
  g_free(((Pair *) data)->value);
}

static GArray *
_take_pairs(const LogMessage *message)
{
  GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));

  g_array_set_clear_func(pairs, _free_pair);
  log_msg_values_foreach(message, _take_pair, pairs);
  return pairs;
}

static gboolean
_take_tag(const LogMessage *message, LogTagId id, const gchar *name, gpointer user_data)
{
  if (g_str_has_prefix(name, BENCH_TAG_PREFIX))
    g_array_append_val((GArray *) user_data, id);
  return TRUE;
}

static GArray *
_take_tags(const LogMessage *message)
{
  GArray *tags = g_array_new(FALSE, FALSE, sizeof(LogTagId));

  log_msg_tags_foreach(message, _take_tag, tags);
  return tags;
}

static void
_setter_queue(LogPipe *s, LogMessage *message, const LogPathOptions *path_options)
{
  BenchSetter *self = (BenchSetter *) s;

  log_msg_make_writable(&message, path_options);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      const Pair *pair = &g_array_index(self->pairs, Pair, i);
      log_msg_set_value_with_type(message, pair->handle, pair->value, pair->length, pair->type);
    }
  for (guint i = 0; i < self->tags->len; i++)
    log_msg_set_tag_by_id(message, g_array_index(self->tags, LogTagId, i));
  log_pipe_forward_msg(s, message, path_options);
}

static void
_setter_free(LogPipe *s)
{
  BenchSetter *self = (BenchSetter *) s;

  g_array_unref(self->pairs);
  g_array_unref(self->tags);
  log_pipe_free_method(s);
}

LogPipe *
bench_setter_new(const LogMessage *message)
{
  BenchSetter *self = g_new0(BenchSetter, 1);

  log_pipe_init_instance(&self->super, configuration);
  self->super.queue = _setter_queue;
  self->super.free_fn = _setter_free;
  self->pairs = _take_pairs(message);
  self->tags = _take_tags(message);
  return &self->super;
}

guint
bench_count_pairs(const LogMessage *message)
{
  g_autoptr(GArray) pairs = _take_pairs(message);

  return pairs->len;
}

guint
bench_count_tags(const LogMessage *message)
{
  g_autoptr(GArray) tags = _take_tags(message);

  return tags->len;
}
