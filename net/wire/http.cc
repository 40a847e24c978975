#include "net/wire/http.h"

#include <algorithm>

namespace net {

namespace {

// FNV-1a, which is enough to see that a text is another one.
std::uint32_t mix(std::uint32_t sum, std::string_view text) {
    if (!sum) sum = 0x811c9dc5;
    for (char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x01000193;
    return sum;
}

// "bytes 0-99/1000", "bytes 0-99/*", "bytes */1000".
std::optional<HttpContentRange> parse_content_range(std::string_view text) {
    constexpr std::string_view kUnit = "bytes ";
    if (text.size() < kUnit.size() || !util::equal_ignoring_case(text.substr(0, kUnit.size()), kUnit))
        return std::nullopt;
    util::Split size = util::split_first(text.substr(kUnit.size()), '/');
    util::Split ends = util::split_first(util::trim(size.before), '-');
    HttpContentRange range;
    range.size = util::parse_decimal(util::trim(size.after));
    if (util::equal(ends.before, "*")) return range;
    auto first = util::parse_decimal(ends.before), last = util::parse_decimal(ends.after);
    if (!first || !last || *first > *last) return std::nullopt;
    range.first = *first;
    range.last = *last;
    return range;
}

}  // namespace

bool http_list_has(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        util::Split split = util::split_first(list, ',');
        if (util::equal_ignoring_case(util::trim(split.before), word)) return true;
        list = split.after;
    }
    return false;
}

void HttpReader::start(Body body) {
    body_ = body;
    head_size_ = 0;
    begin_head();
}

void HttpReader::begin_head() {
    state_ = State::Head;
    step_ = Step::Status;
    chunked_ = line_too_long_ = line_ended_ = false;
    left_ = 0;
    line_.clear();
    response_ = {};
}

void HttpReader::fail(const util::Failure& failure) {
    state_ = State::Failed;
    failure_ = &failure;
}

HttpReader::Taken HttpReader::take(util::Bytes input) {
    if (state_ >= State::Done || input.empty()) return {0, {}};
    if (step_ == Step::ToTheEnd) return {input.size(), input};
    if (step_ == Step::Counted || step_ == Step::ChunkData) {
        std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
        left_ -= count;
        if (left_ == 0) {
            if (step_ == Step::Counted)
                done();
            else
                step_ = Step::ChunkEnd;
        }
        return {count, input.first(count)};
    }
    std::string_view text = util::as_text(input);
    if (line_ended_ && text[0] != ' ' && text[0] != '\t') take_line();
    line_ended_ = false;
    std::size_t end = text.find('\n');
    bool complete = end != text.npos;
    std::size_t count = complete ? end + 1 : text.size();
    head_size_ += count;
    if (head_size_ > kLongestHead) {
        fail(kHttpHeadTooLong);
        return {count, {}};
    }
    text = text.substr(0, end);
    if (line_.size() + text.size() > kLongestLine) line_too_long_ = true;
    if (!line_too_long_ && !line_.append(text).ok()) fail(util::kOutOfMemory);
    if (complete && state_ != State::Failed) {
        if (line_.view().ends_with('\r')) line_.truncate(line_.size() - 1);
        // A field may go on in lines that begin with a blank (RFC 9112 section 5.2).
        line_ended_ = step_ == Step::Fields && (line_too_long_ || !line_.empty());
        if (!line_ended_) take_line();
    }
    return {count, {}};
}

void HttpReader::end() {
    if (state_ >= State::Done) return;
    if (step_ == Step::ToTheEnd) return done();
    fail(kHttpShort);
}

void HttpReader::take_line() {
    // What is not looked at is a field without a name.
    util::String taken = std::move(line_);
    std::string_view line = std::exchange(line_too_long_, false) ? ":" : taken.view();
    switch (step_) {
        case Step::Status: return take_status(line);
        case Step::ChunkSize: return take_chunk_size(line);
        case Step::ChunkEnd:
            step_ = Step::ChunkSize;
            if (!line.empty()) fail(kHttpMalformed);
            head_size_ = 1;  // the limit is for each chunk's lines
            return;
        case Step::Trailers:
            if (line.empty()) done();
            return;
        default: return line.empty() ? head_complete() : take_field(line);
    }
}

// "HTTP/1.1 200 OK"; the reason may be missing.
void HttpReader::take_status(std::string_view line) {
    constexpr std::string_view kVersion = "HTTP/1.";
    constexpr std::size_t kStatusAt = 9, kReasonAt = 13;
    if (line.empty()) return;  // some servers end a body with a line too many
    auto status = line.starts_with(kVersion) && line.size() >= kReasonAt - 1
                      ? util::parse_decimal(line.substr(kStatusAt, 3))
                      : std::nullopt;
    if (!status || *status < 100) return fail(kHttpMalformed);
    response_.status = static_cast<std::uint16_t>(*status);
    response_.keeps_open = line[kVersion.size()] != '0';
    line.remove_prefix(std::min(line.size(), kReasonAt));
    for (char c : line) response_.reason.character(c >= ' ' && c <= '~' ? c : '?');
    step_ = Step::Fields;
}

void HttpReader::take_field(std::string_view line) {
    util::Split split = util::split_first(line, ':');
    std::string_view name = split.before, value = util::trim(split.after);
    auto is = [name](std::string_view known) { return util::equal_ignoring_case(name, known); };
    if (is("content-length")) {
        auto length = util::parse_decimal(value);
        // Two lengths: nobody knows where the next answer begins (RFC 9112 section 6.3).
        if (!length || (response_.length && response_.length != length)) return fail(kHttpMalformed);
        response_.length = length;
    } else if (is("transfer-encoding")) {
        // Nothing else was asked for.
        if (!util::equal_ignoring_case(value, "chunked")) return fail(kHttpEncoding);
        chunked_ = true;
    } else if (is("connection")) {
        if (http_list_has(value, "keep-alive")) response_.keeps_open = true;
        if (http_list_has(value, "close")) response_.keeps_open = false;
    } else if (is("content-range")) {
        response_.range = parse_content_range(value);
    } else if (is("content-type")) {
        constexpr std::string_view kPlain = "text/plain";
        response_.is_plain_text = util::equal_ignoring_case(value.substr(0, kPlain.size()), kPlain);
    } else if (is("retry-after")) {
        response_.retry_after =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(util::parse_decimal(value).value_or(0), UINT32_MAX));
    } else if (is("etag") || is("last-modified")) {
        response_.validator = mix(response_.validator, value);
        bool strong = value.starts_with('"'), dated = !is("etag") && !response_.validator_text.view().starts_with('"');
        if ((strong || dated) && !response_.validator_text.assign(value).ok()) fail(util::kOutOfMemory);
    } else if (is("location")) {
        if (!response_.location.assign(value).ok()) fail(util::kOutOfMemory);
    } else if (is("www-authenticate")) {
        util::String& all = response_.challenges;
        if (!all.append(value).ok() || !all.append(",").ok()) fail(util::kOutOfMemory);
    }
}

void HttpReader::head_complete() {
    constexpr std::uint16_t kNoContent = 204, kNotModified = 304;
    std::uint16_t status = response_.status;
    if (status < 200) return begin_head();  // 100 Continue and the like; the answer follows
    if (body_ == Body::None || status == kNoContent || status == kNotModified) return done();
    state_ = State::Body;
    if (chunked_) {
        // Beside a length that is an attempt to smuggle something: not another word on this connection (section 6.1).
        if (response_.length) response_.keeps_open = false;
        response_.length.reset();
        step_ = Step::ChunkSize;
    } else if (response_.length) {
        step_ = Step::Counted;
        left_ = *response_.length;
        if (!left_) done();
    } else {
        step_ = Step::ToTheEnd;
        response_.keeps_open = false;
    }
}

// "1f40;name=value"
void HttpReader::take_chunk_size(std::string_view line) {
    auto size = util::parse_hex(util::trim(util::split_first(line, ';').before));
    if (!size) return fail(kHttpMalformed);
    left_ = *size;
    step_ = left_ ? Step::ChunkData : Step::Trailers;
}

}  // namespace net
