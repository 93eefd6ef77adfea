/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "play.h"

#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Bytes of one write, as yes(1) has them. */
#define WRITE_SIZE 8192

/* The terminal takes lines of two characters so much more slowly. */
#define YES_DIVISOR 8

typedef struct _Flood
{
  const gchar *name;
  gsize line; /* characters, with the newline */
} Flood;

static const Flood floods[] = {
  [BENCH_FLOOD_LINES] = { "99-column lines", 100 },
  [BENCH_FLOOD_LONG_LINES] = { "2,000-column lines", 2001 },
  [BENCH_FLOOD_YES] = { "yes", 2 },
};
G_STATIC_ASSERT(G_N_ELEMENTS(floods) == BENCH_N_FLOODS);

const gchar *
bench_flood_get_name(BenchFlood flood)
{
  return floods[flood].name;
}

gsize
bench_flood_get_size(BenchFlood flood, gsize kilobytes)
{
  return kilobytes * 1024 / (flood == BENCH_FLOOD_YES ? YES_DIVISOR : 1);
}

gchar *
bench_play_get_mark(guint n)
{
  return g_strdup_printf("=%u=", n);
}

static gboolean
_write_all(const gchar *bytes, gsize length)
{
  while (length > 0)
    {
      gssize n = write(STDOUT_FILENO, bytes, length);
      if (n <= 0)
        return FALSE;
      bytes += n;
      length -= (gsize) n;
    }
  return TRUE;
}

static gboolean
_mark(void)
{
  static guint n;
  g_autofree gchar *mark = bench_play_get_mark(n++);

  return _write_all(mark, strlen(mark));
}

static gboolean
_flood(BenchFlood flood, gsize kilobytes)
{
  gsize line = floods[flood].line;
  g_autoptr(GString) bytes = g_string_new(NULL);

  while (bytes->len < WRITE_SIZE)
    g_string_append_c(bytes, (bytes->len + 1) % line == 0 ? '\n' : 'y');
  for (gsize left = bench_flood_get_size(flood, kilobytes); left > 0;)
    {
      gsize n = MIN(left, bytes->len);
      if (!_write_all(bytes->str, n))
        return FALSE;
      left -= n;
    }
  return _write_all("\n", 1) && _mark();
}

/* Keys come as they are; output is made into lines, as it is for nearly all programs. */
static void
_take_keys(void)
{
  struct termios modes;

  if (tcgetattr(STDIN_FILENO, &modes) != 0)
    return;
  modes.c_lflag &= ~(tcflag_t) (ICANON | ECHO);
  tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

static gboolean
_do(gchar key, gsize kilobytes)
{
  if (key == BENCH_PLAY_QUIT)
    return FALSE;
  if (key == BENCH_PLAY_MARK)
    return _mark();
  if (key >= BENCH_PLAY_FLOOD && key < BENCH_PLAY_FLOOD + BENCH_N_FLOODS)
    return _flood((BenchFlood) (key - BENCH_PLAY_FLOOD), kilobytes);
  return _write_all(&key, 1);
}

gint
bench_play(gsize kilobytes)
{
  gchar key;

  _take_keys();
  if (!_mark())
    return 1;
  while (read(STDIN_FILENO, &key, 1) == 1)
    if (!_do(key, kilobytes))
      return 0;
  return 1;
}
