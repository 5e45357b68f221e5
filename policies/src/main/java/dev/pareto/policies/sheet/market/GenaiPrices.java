package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.DailyHours;
import dev.pareto.policies.price.PriceBand;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** pydantic's genai-prices: US dollars per million, with start dates, hours of the day and prompt sizes. */
record GenaiPrices() implements Catalogue {

    private record Unit(String bucket, BigDecimal per) {}

    private static final Map<String, Unit> UNITS = Map.ofEntries(million("input_mtok", Buckets.INPUT),
            million("output_mtok", Buckets.OUTPUT), million("cache_read_mtok", Buckets.CACHE_READ),
            million("cache_write_mtok", Buckets.CACHE_WRITE), million("cache_write_1h_mtok", Buckets.CACHE_WRITE_1H),
            million("input_audio_mtok", Buckets.INPUT_AUDIO),
            million("cache_audio_read_mtok", Buckets.CACHE_READ_AUDIO),
            million("output_audio_mtok", Buckets.OUTPUT_AUDIO), million("input_image_mtok", Buckets.INPUT_IMAGE),
            million("cache_image_read_mtok", Buckets.CACHE_READ_IMAGE),
            million("output_image_mtok", Buckets.OUTPUT_IMAGE),
            million("input_video_mtok", Buckets.INPUT_VIDEO), million("output_video_mtok", Buckets.OUTPUT_VIDEO),
            million("output_reasoning_mtok", Buckets.OUTPUT_REASONING),
            million("output_citation_mtok", Buckets.OUTPUT_CITATION),
            Map.entry("web_searches_kcount", new Unit(Buckets.WEB_SEARCH, Bands.THOUSAND)),
            Map.entry("storage_searches_kcount", new Unit(Buckets.FILE_SEARCH, Bands.THOUSAND)),
            Map.entry("requests_kcount", new Unit(Buckets.REQUEST, Bands.THOUSAND)),
            Map.entry("input_document_kpages", new Unit(Buckets.PAGE, Bands.THOUSAND)),
            Map.entry("audio_hours", new Unit(Buckets.AUDIO_SECOND, Bands.HOUR)));
    /** Keys that say the same again, or what we do not sell. */
    private static final List<String> LEFT_OUT = List.of("input_audio_hours", "input_annotated_document_kpages",
            "input_text_messages_kcount");

    private static Map.Entry<String, Unit> million(String key, String bucket) {
        return Map.entry(key, new Unit(bucket, dev.pareto.policies.price.UnitPrice.MILLION));
    }

    @Override
    public String name() {
        return "genai-prices";
    }

    @Override
    public Reading read(JsonNode file, Instant when) {
        JsonNode providers = file.isArray() ? file : file.path("providers");
        if (!providers.isArray() || !providers.path(0).has("models")) {
            throw new IllegalArgumentException("this is not genai-prices' list of providers");
        }
        List<Quote> quotes = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (JsonNode provider : providers) {
            String vendor = provider.path("id").asString("");
            for (JsonNode model : provider.path("models")) {
                String sku = vendor + "/" + model.path("id").asString("");
                try {
                    quotes.addAll(model(vendor, sku, model.path("prices"), when));
                } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException unreadable) {
                    refused.add(sku + ": " + unreadable.getMessage());
                }
            }
        }
        return new Reading(quotes, refused);
    }

    /** The price in force, and each that is announced. */
    private static List<Quote> model(String vendor, String sku, JsonNode prices, Instant when) {
        NavigableMap<Instant, List<PriceBand>> bands = new TreeMap<>();
        List<PriceBand> byHour = new ArrayList<>();
        if (prices.isObject()) {
            bands.put(Instant.EPOCH, bands(vendor, prices).list());
        }
        for (JsonNode part : prices) {
            if (!prices.isArray()) {
                break;
            }
            JsonNode constraint = part.path("constraint");
            if (constraint.path("start_time").isString()) {
                byHour.addAll(bands(vendor, part.path("prices"))
                        .list(List.of(new DailyHours(time(constraint.path("start_time")),
                                time(constraint.path("end_time"))))));
            } else {
                String start = constraint.path("start_date").asString("");
                bands.put(
                        start.isEmpty()
                                ? Instant.EPOCH
                                : LocalDate.parse(start).atStartOfDay(ZoneOffset.UTC).toInstant(),
                        bands(vendor, part.path("prices")).list());
            }
        }
        List<Quote> quotes = new ArrayList<>();
        Instant inForce = bands.floorKey(when);
        bands.tailMap(inForce == null ? Instant.EPOCH : inForce, true).forEach((from, list) -> {
            if (!list.isEmpty()) {
                List<PriceBand> all = new ArrayList<>(list);
                all.addAll(byHour);
                quotes.add(new Quote(sku, "standard", from.isAfter(when) ? from : null, all));
            }
        });
        return quotes;
    }

    private static LocalTime time(JsonNode node) {
        return LocalTime.parse(node.asString("").replace("Z", ""));
    }

    private static Bands bands(String vendor, JsonNode prices) {
        Bands bands = new Bands();
        prices.propertyStream().filter(entry -> !LEFT_OUT.contains(entry.getKey())).forEach(entry -> {
            Unit unit = UNITS.get(entry.getKey());
            if (unit == null) {
                throw new IllegalArgumentException("unknown key '" + entry.getKey() + "'");
            }
            String bucket = unit.bucket().equals(Buckets.CACHE_WRITE) && vendor.equals("anthropic")
                    ? Buckets.CACHE_WRITE_5M
                    : unit.bucket();
            JsonNode value = entry.getValue();
            bands.put(0, bucket, base(value, entry.getKey()), unit.per());
            for (JsonNode tier : value.path("tiers")) {
                BigDecimal start = Bands.figure(tier.path("start"), "start");
                bands.put(start == null ? 0 : start.longValueExact() + 1, bucket,
                        Bands.figure(tier.path("price"), "price"),
                        unit.per());
            }
        });
        return bands.withoutIdleZeros();
    }

    private static @Nullable BigDecimal base(JsonNode value, String key) {
        return Bands.figure(value.isObject() ? value.path("base") : value, key);
    }
}
