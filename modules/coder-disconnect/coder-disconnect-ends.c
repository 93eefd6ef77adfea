/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-ends.h"

#include <pthread.h>
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
  pthread_mutex_t lock; /* ThreadSanitizer sees no lock of GLib's */
  guint32 window;
  guint64 seed;
};
G_STATIC_ASSERT(sizeof(End) * WIDTH == CACHE_LINE);

CoderEnds *
coder_ends_new(guint window)
{
  CoderEnds *self = aligned_alloc(CACHE_LINE, CACHE_LINES(sizeof(CoderEnds)));

  if (!self)
    g_error("no memory for %" G_GSIZE_FORMAT " bytes", sizeof(CoderEnds));
  memset(self, 0, sizeof(*self));
  pthread_mutex_init(&self->lock, NULL);
  self->window = window;
  self->seed = (guint64) g_random_int() << 32 | g_random_int();
  return self;
}

void
coder_ends_free(CoderEnds *self)
{
  pthread_mutex_destroy(&self->lock);
  free(self);
}

static guint64
_mix(guint64 hash, guint64 word)
{
  hash = (hash ^ word) * MIX_PRIME;
  return hash ^ (hash >> 32);
}

static guint64
_mix_short(guint64 hash, CdText text)
{
  guint64 word = 0;

  for (gsize i = 0; i < text.length; i++)
    word = word << 8 | (guchar) text.data[i];
  return _mix(hash, word);
}

static guint64
_mix_word_at(guint64 hash, const gchar *data)
{
  guint64 word;

  memcpy(&word, data, sizeof(word));
  return _mix(hash, word);
}

/* Each text from the seed on, so that the processor works at several of them at a time; the last
 * word may overlap the one before. */
static guint64
_hash(const CoderEnds *self, CdText text)
{
  guint64 hash = self->seed ^ text.length;

  if (text.length < sizeof(guint64))
    return _mix_short(hash, text);
  for (gsize at = 0; at + sizeof(guint64) < text.length; at += sizeof(guint64))
    hash = _mix_word_at(hash, text.data + at);
  return _mix_word_at(hash, text.data + text.length - sizeof(guint64));
}

static guint64
_make_key(guint64 hash, CoderEndKind kind)
{
  guint64 key = _mix(hash, kind);

  return key ? key : 1;
}

static gboolean
_has_suffix(CdText text, CdText suffix)
{
  return text.length >= suffix.length
         && cd_text_equal(cd_text_skip(text, text.length - suffix.length), suffix);
}

/* Go's "<nil>", words and the port 0 are no address that tells one peer from another. */
static CdText
_get_address(const CdRecord *record, CdField field)
{
  CdText address = cd_record_get(record, field);
  gboolean has_sign = address.length
                      && (memchr(address.data, ':', address.length)
                          || memchr(address.data, '.', address.length));

  return has_sign && !_has_suffix(address, CD_TEXT(":0")) ? address : CD_TEXT_NONE;
}

static CdText
_get_id(const CdRecord *record)
{
  CdText id = cd_record_get(record, CD_FIELD_CONNECTION_ID);

  return cd_text_is_empty(id) ? cd_record_get(record, CD_FIELD_SESSION_ID) : id;
}

static gboolean
_is_failing_run_loop(const CdStatement *statement)
{
  return statement->message && statement->message->site == CD_SITE_RUN_LOOP
         && statement->message->cause == CD_CAUSE_NONE;
}

static void
_identify_run_loop(const CoderEnds *self, CoderEndId *id, CdText host, const CdVerdict *verdict)
{
  guint64 hash = _mix(_mix(_hash(self, host), verdict->reason), verdict->initiator);

  id->kind = CODER_END_RUN_LOOP;
  id->own_key = _make_key(hash, CODER_END_RUN_LOOP);
}

static void
_identify_peer(const CoderEnds *self, CoderEndId *id, CdText host, CdText remote,
               const CdRecord *record)
{
  CdText local = _get_address(record, CD_FIELD_LOCAL_ADDR);
  CdText own_id = _get_id(record);
  guint64 peer = _mix(_hash(self, host), _hash(self, remote));
  guint64 local_hash = _hash(self, local);

  id->kind = cd_text_is_empty(own_id) ? CODER_END_CONNECTION : CODER_END_SESSION;
  id->peer_key = _make_key(peer, CODER_END_CONNECTION);
  id->local = cd_text_is_empty(local) ? 0 : ((guint32) local_hash & ~TOLD_MASK) | LOCAL_KNOWN;
  id->own_key = _make_key(_mix(_mix(peer, local_hash), _hash(self, own_id)), CODER_END_SESSION);
}

static void
_fetch(const CoderEnds *self, guint64 key)
{
  __builtin_prefetch(self->ends[key % ROWS], TRUE);
}

void
coder_ends_identify(const CoderEnds *self, CoderEndId *id, CdText host,
                    const CdStatement *statement, const CdVerdict *verdict)
{
  CdText remote = _get_address(&statement->said, CD_FIELD_REMOTE_ADDR);

  *id = (CoderEndId) { CODER_END_NONE };
  if (_is_failing_run_loop(statement))
    _identify_run_loop(self, id, host, verdict);
  else if (!cd_text_is_empty(remote))
    _identify_peer(self, id, host, remote, &statement->said);
  else
    return;
  _fetch(self, id->own_key);
  _fetch(self, id->peer_key);
}

/* The coarse clock is exact to a few milliseconds and costs a fraction of the other. */
static guint32
_get_seconds(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (guint32) now.tv_sec;
}

typedef struct
{
  CoderEnds *ends;
  guint32 now;
  guint n_evicted;
} Note;

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

/* Returns whether the end was known. The window counts from its first line on, so that nobody keeps
 * an end alive; what fails again and again with one verdict hides nothing when it is prolonged. */
static gboolean
_touch(Note *note, guint64 key, gboolean is_prolonged)
{
  End *end = _find(note, key);
  gboolean is_known = end->extra != 0;

  if (!is_known || is_prolonged)
    end->seen = note->now;
  end->extra = 1;
  return is_known;
}

/* A line that does not know its local address fits any. */
static gboolean
_fits(const End *end, guint32 local)
{
  guint32 known_local = end->extra & ~TOLD_MASK;

  return !local || !known_local || local == known_local;
}

static void
_tell(Note *note, End *end, guint32 local, guint32 told, gboolean is_known)
{
  if (!is_known)
    end->seen = note->now;
  end->extra = (local ? local : end->extra & ~TOLD_MASK) | told;
}

/* A line about the connection as a whole stands for one session: the next one is an end of its own.
 */
static gboolean
_note_session(Note *note, const CoderEndId *id)
{
  gboolean is_same = _touch(note, id->own_key, FALSE);
  End *peer = _find(note, id->peer_key);
  gboolean is_known = is_same || (_fits(peer, id->local) && (peer->extra & TOLD_BY_CONNECTION));

  _tell(note, peer, id->local, TOLD_BY_SESSION, is_known);
  return is_known;
}

static gboolean
_note_connection(Note *note, const CoderEndId *id)
{
  End *peer = _find(note, id->peer_key);
  guint32 told = _fits(peer, id->local) ? peer->extra & TOLD_MASK : 0;

  _tell(note, peer, id->local, told ? told : TOLD_BY_CONNECTION, told != 0);
  return told != 0;
}

static gboolean
_note(Note *note, const CoderEndId *id)
{
  switch (id->kind)
    {
    case CODER_END_NONE:
      return FALSE;
    case CODER_END_SESSION:
      return _note_session(note, id);
    case CODER_END_CONNECTION:
      return _note_connection(note, id);
    case CODER_END_RUN_LOOP:
      return _touch(note, id->own_key, TRUE);
    }
  g_return_val_if_reached(FALSE);
}

gboolean
coder_ends_note(CoderEnds *self, const CoderEndId *id, guint *n_evicted)
{
  Note note = { .ends = self, .now = _get_seconds() };
  gboolean is_known;

  pthread_mutex_lock(&self->lock);
  is_known = _note(&note, id);
  pthread_mutex_unlock(&self->lock);
  *n_evicted = note.n_evicted;
  return is_known;
}
