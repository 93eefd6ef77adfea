/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first message of a terminal's client, whose length is set right. What is taken makes sense,
 * and is taken again from the plainest way to write it. */
#include "pty/init.h"

#include "pty/go-json.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static CdPtyInit *
_read(const gchar *json, gsize length, GError **error)
{
  g_autoptr(GString) frame = g_string_new(NULL);

  g_string_append_c(frame, (gchar) (length & 0xff));
  g_string_append_c(frame, (gchar) (length >> 8));
  g_string_append_len(frame, json, (gssize) length);
  g_assert_cmpuint(cd_pty_init_measure((CdText) { frame->str, frame->len }), ==, frame->len);
  return cd_pty_init_new((CdText) { frame->str, frame->len }, error);
}

static void
_check(const CdPtyInit *init)
{
  g_assert_true(g_uuid_string_is_valid(init->id));
  for (const gchar *c = init->id; *c; c++)
    g_assert_false(g_ascii_isupper(*c));
  g_assert_true(g_utf8_validate(init->command, -1, NULL));
  g_assert_true(g_utf8_validate(init->container, -1, NULL));
  g_assert_true(g_utf8_validate(init->container_user, -1, NULL));
  g_assert_true(g_utf8_validate(init->backend, -1, NULL));
}

static json_object *
_write(const CdPtyInit *init)
{
  json_object *object = json_object_new_object();

  json_object_object_add(object, "ID", json_object_new_string(init->id));
  json_object_object_add(object, "Height", json_object_new_int(init->height));
  json_object_object_add(object, "Width", json_object_new_int(init->width));
  json_object_object_add(object, "Command", json_object_new_string(init->command));
  json_object_object_add(object, "Container", json_object_new_string(init->container));
  json_object_object_add(object, "ContainerUser", json_object_new_string(init->container_user));
  json_object_object_add(object, "BackendType", json_object_new_string(init->backend));
  return object;
}

static void
_check_read_again(const CdPtyInit *init)
{
  g_autoptr(json_object) object = _write(init);
  const gchar *json = json_object_to_json_string_ext(object, JSON_C_TO_STRING_NOSLASHESCAPE);
  g_autoptr(GError) error = NULL;
  g_autoptr(CdPtyInit) again = NULL;

  if (strlen(json) > CD_PTY_INIT_MAX - CD_PTY_INIT_HEAD)
    return;
  again = _read(json, strlen(json), &error);
  g_assert_no_error(error);
  g_assert_cmpstr(again->id, ==, init->id);
  g_assert_cmpuint(again->height, ==, init->height);
  g_assert_cmpuint(again->width, ==, init->width);
  g_assert_cmpstr(again->command, ==, init->command);
  g_assert_cmpstr(again->container, ==, init->container);
  g_assert_cmpstr(again->container_user, ==, init->container_user);
  g_assert_cmpstr(again->backend, ==, init->backend);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CdPtyInit) init = NULL;

  if (size > CD_PTY_INIT_MAX - CD_PTY_INIT_HEAD)
    return 0;
  init = _read((const gchar *) data, size, &error);
  if (!init)
    {
      g_assert_error(error, CD_PTY_ERROR, CD_PTY_ERROR_PROTOCOL);
      g_assert_true(g_str_has_prefix(error->message, "bad init: "));
      return 0;
    }
  g_assert_no_error(error);
  _check(init);
  _check_read_again(init);
  return 0;
}
