/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The emitter as a whole: what it refuses to begin with, and what it tells of itself. */
#include "emit/emitter.h"

#include <glib/gstdio.h>

typedef struct _Fixture
{
  gchar *folder;
  gchar *state; /* in the folder; does not exist */
} Fixture;

static void
set_up(Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp("test-emitter-XXXXXX", NULL);
  self->state = g_build_filename(self->folder, "state", NULL);
}

static void
tear_down(Fixture *self, gconstpointer data)
{
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->state);
  g_free(self->folder);
}

/* Fails, and leaves no trace on disk. */
static void
assert_refused(const Fixture *self, const gchar *const *uris, const CdTargetTls *tls,
               CdTargetError code)
{
  const CdEmitterOptions options = {
    .app_name = "test-emitter",
    .pen = 32473,
    .folder = self->state,
    .uris = uris,
    .tls = tls,
  };
  g_autoptr(GError) error = NULL;

  g_assert_null(cd_emitter_new(&options, &error));
  g_assert_error(error, CD_TARGET_ERROR, (gint) code);
  g_assert_false(g_file_test(self->state, G_FILE_TEST_EXISTS));
}

static void
test_a_wrong_uri_opens_no_spool(Fixture *self, gconstpointer data)
{
  const gchar *const uris[] = { "stderr:", "tcp:nowhere", NULL };

  assert_refused(self, uris, NULL, CD_TARGET_ERROR_URI);
}

static void
test_a_missing_certificate_opens_no_spool(Fixture *self, gconstpointer data)
{
  const gchar *const uris[] = { "stderr:", "tls:localhost:6514", NULL };
  const CdTargetTls tls = { .certificate = "/nowhere/client.crt" };

  assert_refused(self, uris, &tls, CD_TARGET_ERROR_TLS);
}

/* Both would share one cursor. */
static void
test_a_target_is_given_once(Fixture *self, gconstpointer data)
{
  const gchar *const uris[] = { "udp:localhost:514", "stderr:", "udp:localhost:514", NULL };

  assert_refused(self, uris, NULL, CD_TARGET_ERROR_URI);
}

static void
add(const gchar *path, void (*test)(Fixture *, gconstpointer))
{
  g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  add("/emitter/a-wrong-uri-opens-no-spool", test_a_wrong_uri_opens_no_spool);
  add("/emitter/a-missing-certificate-opens-no-spool", test_a_missing_certificate_opens_no_spool);
  add("/emitter/a-target-is-given-once", test_a_target_is_given_once);
  return g_test_run();
}
