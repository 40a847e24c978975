#include "san/iscsi_transport.h"

#include <algorithm>

#include "san/iscsi_failures.h"

namespace san {

static util::MutableBytes bytes_of(auto& object) { return std::as_writable_bytes(std::span(&object, 1)); }

// Continues to fill `whole`, of which have_ bytes are there. True when it is full.
bool PduReader::fill(net::Stream& stream, util::MutableBytes whole) {
    have_ += stream.receive(whole.subspan(have_));
    return have_ == whole.size();
}

// Continues to drop `count` bytes, of which have_ are gone. They still count for the digest.
bool PduReader::skip(net::Stream& stream, std::size_t count) {
    while (have_ < count) {
        util::Bytes there = stream.peek();
        if (there.empty()) return false;
        there = there.first(std::min(there.size(), count - have_));
        crc_.update(there);
        have_ += there.size();
        stream.consume(there.size());
    }
    return true;
}

bool PduReader::take_data(net::Stream& stream) {
    std::size_t placed = std::min(data_length(), target_.size());
    if (have_ < placed) {
        util::MutableBytes rest = target_.first(placed).subspan(have_);
        std::size_t count = stream.receive(rest);
        if (digests_.data) crc_.update(rest.first(count));
        have_ += count;
        if (have_ < placed) return false;
    }
    return skip(stream, data_length());
}

PduReader::Step PduReader::fail(const util::Failure& failure) {
    failure_ = &failure;
    return Step::Failed;
}

void PduReader::enter(Part part) {
    part_ = part;
    have_ = 0;
}

PduReader::Step PduReader::after_header() {
    if (data_length() > limit_) return fail(kSegmentTooLong);
    crc_.reset();
    target_ = {};
    enter(Part::Data);
    return Step::Header;
}

PduReader::Step PduReader::complete() {
    enter(Part::Header);
    return Step::Complete;
}

bool PduReader::digest_matches() { return digest_.get() == crc_.value(); }

PduReader::Step PduReader::step(net::Stream& stream) {
    if (failure_) return Step::Failed;
    for (;;) {
        switch (part_) {
            case Part::Header:
                if (!fill(stream, bytes_of(header_))) return Step::NeedMore;
                crc_.reset();
                if (digests_.header) crc_.update(bytes_of(header_));
                enter(Part::AdditionalHeader);
                break;
            case Part::AdditionalHeader:
                if (!skip(stream, header_.total_ahs_length * std::size_t{4})) return Step::NeedMore;
                if (!digests_.header) return after_header();
                enter(Part::HeaderDigest);
                break;
            case Part::HeaderDigest:
                if (!fill(stream, bytes_of(digest_))) return Step::NeedMore;
                if (!digest_matches()) return fail(kDigestError);
                return after_header();
            case Part::Data:
                if (!take_data(stream)) return Step::NeedMore;
                if (data_length() == 0) return complete();
                enter(Part::Padding);
                break;
            case Part::Padding:
                if (!skip(stream, padding_of(data_length()))) return Step::NeedMore;
                if (!digests_.data) return complete();
                enter(Part::DataDigest);
                break;
            case Part::DataDigest:
                if (!fill(stream, bytes_of(digest_))) return Step::NeedMore;
                if (!digest_matches()) return fail(kDigestError);
                return complete();
        }
    }
}

void PduWriter::start_header(const IscsiHeader& header, util::Bytes data) {
    ASSERT(!busy_);
    util::Writer head{util::MutableBytes(head_)};
    IscsiHeader copy = header;
    copy.data_segment_length = Be24(static_cast<std::uint32_t>(data.size()));
    head.put_struct(copy);
    if (digests_.header) {
        Crc32c crc;
        crc.update(bytes_of(copy));
        head.put_struct(crc.wire());
    }
    util::Writer tail{util::MutableBytes(tail_)};
    tail.zeros(padding_of(data.size()));
    if (digests_.data && !data.empty()) {
        Crc32c crc;
        crc.update(data);
        crc.update(tail.written());
        tail.put_struct(crc.wire());
    }
    pieces_[0] = head.written();
    pieces_[1] = data;
    pieces_[2] = tail.written();
    busy_ = true;
}

bool PduWriter::flush(net::Stream& stream) {
    bool moved = false;
    for (util::Bytes& piece : pieces_) {
        if (piece.empty()) continue;
        std::size_t count = stream.send(piece);
        piece = piece.subspan(count);
        moved |= count > 0;
        if (!piece.empty()) return moved;
    }
    busy_ = false;
    return moved;
}

}  // namespace san
