// Values that stand for themselves, one pair of functions for each kind:
//   read: a value of the file → the member; false: refused, `reading` says what it must be;
//   put:  the member → JSON that read takes.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/base/time.h"
#include "agent/json/tree.h"
#include "agent/settings/key.h"
#include "agent/settings/reading.h"

namespace fieldpost {

// None: it follows the form; else what it must be. May shorten `text` to what is to be kept.
PackedText check_text(TextForm, std::string_view& text);
bool is_blank(std::string_view text);  // nothing but spaces, or nothing

// `to`: a FixedText of the shape's size.
bool read_text(JsonView value, const TextShape&, void* to, Reading& reading);
void put_text(const TextShape&, const void* from, TextWriter& out);

// `to`: a TextList of the shape's sizes.
bool read_list(JsonView value, const Key&, void* to, Reading& reading);
void put_list(const TextShape&, const void* from, TextWriter& out);

bool read_whole(JsonView value, Range, std::uint32_t& to, Reading& reading);

bool read_wait(JsonView value, const Key&, Duration& to, Reading& reading);
void put_wait(const Key&, Duration from, TextWriter& out);

// `to`: an enum of one byte.
bool read_word(JsonView value, WordSet, std::uint8_t& to, Reading& reading);
void put_word(WordSet, std::uint8_t from, TextWriter& out);

bool read_flag(JsonView value, bool& to, Reading& reading);

bool read_percent(JsonView value, std::uint8_t& to, Reading& reading);

bool read_queue_size(JsonView value, std::uint64_t& to, Reading& reading);
bool read_write_unit(JsonView value, std::uint32_t& to, Reading& reading);  // 0 = auto
void put_write_unit(std::uint32_t from, TextWriter& out);
void put_bytes(std::uint64_t bytes, TextWriter& out);  // "8MiB"

bool read_minute(JsonView value, std::uint16_t& to, Reading& reading);
void put_minute(std::uint16_t minute, TextWriter& out);

}  // namespace fieldpost
