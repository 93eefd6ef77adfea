/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/ring.h"

#include "../../support/unit.h"

static void
_put(CdRing *ring, const gchar *bytes, gsize length)
{
  struct iovec pieces[2];
  gint n = cd_ring_get_room(ring, length, pieces);
  gsize done = 0;

  for (gint i = 0; i < n; i++)
    {
      memcpy(pieces[i].iov_base, bytes + done, pieces[i].iov_len);
      done += pieces[i].iov_len;
    }
  g_assert_cmpuint(done, ==, length);
  cd_ring_advance(ring, length);
}

static void
_fill(CdRing *ring, guint64 until)
{
  while (cd_ring_get_head(ring) < until)
    _put(ring, ".", 1);
}

static void
_assert_from(const CdRing *ring, guint64 offset, CdText expected)
{
  g_autoptr(GString) bytes = g_string_new(NULL);

  cd_ring_append_to(ring, offset, bytes);
  unit_assert_text(((CdText) { bytes->str, bytes->len }), expected);
}

static void
test_empty(void)
{
  g_autoptr(CdRing) ring = cd_ring_new();
  struct iovec pieces[2];

  g_assert_cmpuint(cd_ring_get_head(ring), ==, 0);
  g_assert_cmpuint(cd_ring_get_tail(ring), ==, 0);
  g_assert_cmpint(cd_ring_read(ring, 0, 10, pieces), ==, 0);
}

static void
test_wrap(void)
{
  g_autoptr(CdRing) ring = cd_ring_new();

  _fill(ring, CD_RING_SIZE - 3);
  _put(ring, "abcdef", 6);
  g_assert_cmpuint(cd_ring_get_head(ring), ==, CD_RING_SIZE + 3);
  g_assert_cmpuint(cd_ring_get_tail(ring), ==, 3);
  _assert_from(ring, CD_RING_SIZE - 3, CD_TEXT("abcdef"));
  _assert_from(ring, CD_RING_SIZE + 1, CD_TEXT("ef"));
  _assert_from(ring, CD_RING_SIZE + 3, CD_TEXT(""));
}

static void
test_length(void)
{
  g_autoptr(CdRing) ring = cd_ring_new();
  struct iovec pieces[2];

  _put(ring, "abcdef", 6);
  g_assert_cmpint(cd_ring_read(ring, 2, 3, pieces), ==, 1);
  unit_assert_text(((CdText) { pieces[0].iov_base, pieces[0].iov_len }), CD_TEXT("cde"));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ring/empty", test_empty);
  g_test_add_func("/ring/what-is-over-the-edge-goes-on-at-the-start", test_wrap);
  g_test_add_func("/ring/no-more-than-asked-for", test_length);
  return g_test_run();
}
