/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-ends.h"

#include <time.h>

/* A row is searched whole; rows times width is the number of ends. */
#define ROWS 4096
#define WIDTH 4

#define CACHE_LINE 64
#define CACHE_LINES(size) (((size) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE)

#define MIX_PRIME G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)

/* What has told of an end. */
enum
{
  TOLD_BY_SESSION = 1 << 0,
  TOLD_BY_CONNECTION = 1 << 1,
};

typedef struct
{
  guint64 key;   /* 0 for a free place */
  guint32 seen;  /* seconds of the monotonic clock */
  guint32 extra; /* of a peer: a hash of the local address, and who has told */
} End;

#define TOLD_MASK ((guint32) (TOLD_BY_SESSION | TOLD_BY_CONNECTION))

/* So that no known address has the hash 0. */
#define LOCAL_KNOWN ((guint32) 4)

/* A row fills a line of the cache. */
struct _CoderEnds
{
  End ends[ROWS][WIDTH];
  GMutex lock;
  guint32 window;
  guint64 seed; /* random, so that no sender can choose two ends of one key */
};
G_STATIC_ASSERT(sizeof(End) * WIDTH == CACHE_LINE);

/* What a key stands for, so that no two kinds meet. */
typedef enum
{
  KEY_SESSION = 1, /* one session, by its id */
  KEY_PEER,        /* all that a host has told of one remote address */
  KEY_RUN_LOOP,    /* the run loop of a host, by verdict */
} KeyKind;

typedef struct
{
  CoderEnds *ends;
  guint64 host_hash;
  CdText remote;
  CdText local; /* empty where the line does not know it */
  CdText id;
  guint32 now;
  guint n_evicted;
} Note;

CoderEnds *
coder_ends_new(guint window)
{
  CoderEnds *self = aligned_alloc(CACHE_LINE, CACHE_LINES(sizeof(CoderEnds)));

  if (!self)
    g_error("no memory for %" G_GSIZE_FORMAT " bytes", sizeof(CoderEnds));
  memset(self, 0, sizeof(*self));
  g_mutex_init(&self->lock);
  self->window = window;
  self->seed = (guint64) g_random_int() << 32 | g_random_int();
  return self;
}

void
coder_ends_free(CoderEnds *self)
{
  g_mutex_clear(&self->lock);
  free(self);
}

static guint64
_mix_word(guint64 hash, guint64 word)
{
  hash = (hash ^ word) * MIX_PRIME;
  return hash ^ (hash >> 32);
}

static guint64
_mix(guint64 hash, CdText text)
{
  guint64 word;
  gsize at = 0;

  for (; at + sizeof(word) <= text.length; at += sizeof(word))
    {
      memcpy(&word, text.data + at, sizeof(word));
      hash = _mix_word(hash, word);
    }
  word = 0;
  if (at < text.length)
    memcpy(&word, text.data + at, text.length - at);
  return _mix_word(_mix_word(hash, word), text.length); /* "ab","c" is not "a","bc" */
}

static guint64
_make_key(guint64 hash, KeyKind kind)
{
  guint64 key = _mix_word(hash, kind);

  return key ? key : 1;
}

static gboolean
_is_live(const Note *note, const End *end)
{
  return end->key && note->now - end->seen <= note->ends->window;
}

/* The place of the key, else a free one, else that of the oldest end. */
static End *
_find_place(Note *note, guint64 key)
{
  End *row = note->ends->ends[key % ROWS];
  End *oldest = &row[0];

  for (guint i = 0; i < WIDTH; i++)
    if (row[i].key == key)
      return &row[i];
  for (guint i = 0; i < WIDTH; i++)
    {
      if (!_is_live(note, &row[i]))
        return &row[i];
      if (row[i].seen < oldest->seen)
        oldest = &row[i];
    }
  note->n_evicted++;
  return oldest;
}

/* Returns: the end, as it was known or fresh. */
static End *
_find(Note *note, guint64 key)
{
  End *end = _find_place(note, key);

  if (end->key != key || !_is_live(note, end))
    *end = (End) { key, 0, 0 };
  return end;
}

/* Returns whether the end was known. */
static gboolean
_touch(Note *note, guint64 key)
{
  End *end = _find(note, key);
  gboolean is_known = end->extra != 0;

  end->seen = note->now;
  end->extra = 1;
  return is_known;
}

/* Whether one of @others has told of an end of this peer before; adds @who. A line that does not
 * know its local address fits any. */
static gboolean
_touch_peer(Note *note, guint32 others, guint32 who)
{
  End *end = _find(note, _make_key(_mix(note->host_hash, note->remote), KEY_PEER));
  guint32 local = note->local.length ? (guint32) _mix(note->ends->seed, note->local) | LOCAL_KNOWN
                                     : 0;
  guint32 known_local = end->extra & ~TOLD_MASK;
  gboolean fits = !local || !known_local || (local & ~TOLD_MASK) == known_local;
  gboolean is_known = fits && (end->extra & others);

  end->seen = note->now;
  end->extra = (fits ? end->extra & TOLD_MASK : 0) | who
               | (local ? local & ~TOLD_MASK : known_local);
  return is_known;
}

static gboolean
_note_session(Note *note)
{
  guint64 id = _mix(_mix(_mix(note->host_hash, note->remote), note->local), note->id);
  gboolean is_known = _touch(note, _make_key(id, KEY_SESSION));

  return _touch_peer(note, TOLD_BY_CONNECTION, TOLD_BY_SESSION) || is_known;
}

static gboolean
_note_connection(Note *note)
{
  return _touch_peer(note, TOLD_BY_SESSION | TOLD_BY_CONNECTION, TOLD_BY_CONNECTION);
}

static gboolean
_note_run_loop(Note *note, const CdVerdict *verdict)
{
  guint64 verdict_hash = _mix_word(_mix_word(note->host_hash, verdict->reason), verdict->initiator);

  return _touch(note, _make_key(verdict_hash, KEY_RUN_LOOP));
}

static gboolean
_is_failing_run_loop(const CdStatement *statement)
{
  return statement->message && statement->message->site == CD_SITE_RUN_LOOP
         && statement->message->cause == CD_CAUSE_NONE;
}

static void
_read_identity(Note *note, const CdRecord *record)
{
  note->remote = cd_record_get(record, CD_FIELD_REMOTE_ADDR);
  note->local = cd_record_get(record, CD_FIELD_LOCAL_ADDR);
  note->id = cd_record_get(record, CD_FIELD_CONNECTION_ID);
  if (cd_text_is_empty(note->id))
    note->id = cd_record_get(record, CD_FIELD_SESSION_ID);
  if (cd_text_is(note->remote, "<nil>"))
    note->remote = CD_TEXT_NONE;
  if (cd_text_is(note->local, "<nil>"))
    note->local = CD_TEXT_NONE;
}

static gboolean
_note(Note *note, const CdStatement *statement, const CdJudgement *judgement)
{
  _read_identity(note, &statement->said);
  if (_is_failing_run_loop(statement))
    return _note_run_loop(note, &judgement->verdict);
  if (cd_text_is_empty(note->remote))
    return FALSE;
  return cd_text_is_empty(note->id) ? _note_connection(note) : _note_session(note);
}

/* The coarse clock is exact to a few milliseconds and costs a fraction of the other. */
static guint32
_get_seconds(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (guint32) now.tv_sec;
}

gboolean
coder_ends_note(CoderEnds *self, CdText host, const CdStatement *statement,
                const CdJudgement *judgement, guint *n_evicted)
{
  Note note = { .ends = self, .host_hash = _mix(self->seed, host), .now = _get_seconds() };
  gboolean is_known;

  g_mutex_lock(&self->lock);
  is_known = _note(&note, statement, judgement);
  g_mutex_unlock(&self->lock);
  *n_evicted = note.n_evicted;
  return is_known;
}
