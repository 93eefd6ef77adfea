/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_HEADER_H
#define CD_HEADER_H

#include "disconnect/text.h"

/** Most of a priority: facility 23, severity 7. */
#define CD_HEADER_PRIORITY_MAX 191

/** Most characters of the header's fields (RFC 5424, 6). */
#define CD_HEADER_HOST_MAX 255
#define CD_HEADER_APP_NAME_MAX 48
#define CD_HEADER_PROCID_MAX 128
#define CD_HEADER_MSGID_MAX 32

/** The parts of a message, in their order; also where reading one broke off. */
typedef enum
{
  CD_HEADER_PRI,
  CD_HEADER_VERSION,
  CD_HEADER_TIMESTAMP,
  CD_HEADER_HOST,
  CD_HEADER_APP_NAME,
  CD_HEADER_PROCID,
  CD_HEADER_MSGID,
  CD_HEADER_SDATA,
  CD_HEADER_WHOLE, /* nothing is broken */
  CD_HEADER_N_PARTS = CD_HEADER_WHOLE
} CdHeaderPart;

/**
 * CdHeader:
 * @priority: facility * 8 + severity
 * @timestamp: as it stands there
 * @host: HOSTNAME
 * @app_name: APP-NAME
 * @procid: PROCID
 * @msgid: MSGID
 * @sdata: the elements with their brackets; where they are broken, all that is left of the line
 * @message: MSG without its byte order mark
 *
 * An RFC 5424 message as views. What has the NILVALUE, or stands after a break, is absent.
 */
typedef struct _CdHeader
{
  guint priority;
  CdText timestamp;
  CdText host;
  CdText app_name;
  CdText procid;
  CdText msgid;
  CdText sdata;
  CdText message;
} CdHeader;

/** Length of `<`, one to three digits and `>` at the start, 0 where that does not stand there. */
gsize cd_header_pri_length(CdText text);

/** The cheap gate: whether @text begins as version 1 does, `<PRI>1 `, with any PRI. */
gboolean cd_header_matters(CdText text);

/**
 * Reads `<PRI>1 TIMESTAMP HOST APP-NAME PROCID MSGID SD [MSG]`, strictly: RFC 5424's ranges,
 * lengths and characters, no leading zeros, no leap seconds.
 *
 * Returns: %CD_HEADER_WHOLE, or the part that is broken
 */
CdHeaderPart cd_header_read(CdText text, CdHeader *self);

/** The same for a message that has lost `<PRI>1 ` on its way; the priority is then 0. */
CdHeaderPart cd_header_read_from_timestamp(CdText text, CdHeader *self);

/** RFC 5424's name for a part. */
const gchar *cd_header_part_get_name(CdHeaderPart part);

#endif
