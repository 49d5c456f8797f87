"""Crawl a site with the pipeline and print what came of it; run by the tests as a process.

The one argument is a JSON object: url, settings, and spiders, each a kind of item and a page of
links.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import scrapy
from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.crawler import CrawlerProcess


class Page(scrapy.Item):
    url = scrapy.Field()
    outlet = scrapy.Field()
    published = scrapy.Field()
    title = scrapy.Field()
    body = scrapy.Field()
    dedup_matches = scrapy.Field()


@dataclass
class DataclassPage:
    url: str
    outlet: str
    published: str
    title: str
    body: str
    dedup_matches: Any = None


KINDS = {"dict": dict, "item": Page, "dataclass": DataclassPage}


class Site(scrapy.Spider):
    name = "site"
    custom_settings: ClassVar[dict[str, Any]] = {"ROBOTSTXT_OBEY": False}

    def __init__(self, url: str, kind: str) -> None:
        super().__init__()
        self.start_urls = [url]
        self.make = KINDS[kind]

    def parse(self, response: Any) -> Iterator[Any]:
        yield from response.follow_all(css="a", callback=self.parse_page)

    def parse_page(self, response: Any) -> Any:
        yield self.make(
            url=response.url,
            outlet=response.css("meta::attr(content)").get(),
            published=response.css("time::attr(datetime)").get(),
            title=response.css("h1::text").get(),
            body="\n\n".join(response.css("p::text").getall()),
        )


def main() -> None:
    given = json.loads(sys.argv[1])
    base = {
        "ITEM_PIPELINES": {"dedup.adapters.scrapy.DedupPipeline": 300},
        "DEDUP_FIELDS": {"text": "body"},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "INFO",
    }
    process = CrawlerProcess(base | given["settings"])
    items: list[dict[str, Any]] = []
    dropped: dict[str, str] = {}
    crawlers = []
    for kind, part in given["spiders"]:
        crawler = process.create_crawler(Site)
        crawler.signals.connect(
            lambda item: items.append(dict(ItemAdapter(item))), signals.item_scraped, weak=False
        )
        crawler.signals.connect(
            lambda item, exception: dropped.update({ItemAdapter(item)["url"]: str(exception)}),
            signals.item_dropped,
            weak=False,
        )
        process.crawl(crawler, url=given["url"] + part, kind=kind)
        crawlers.append(crawler)
    process.start()
    stats = [crawler.stats.get_stats() for crawler in crawlers]
    counts = [{k: v for k, v in one.items() if isinstance(v, int | str)} for one in stats]
    json.dump({"items": items, "dropped": dropped, "stats": counts}, sys.stdout)


if __name__ == "__main__":
    main()
