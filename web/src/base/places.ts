/** Where our shops are: the country gives the currency and the clocks. */
export const countries: Record<string, { currency: string; zones: string[] }> = {
  KZ: {
    currency: 'KZT',
    zones: [
      'Asia/Almaty',
      'Asia/Aqtau',
      'Asia/Aqtobe',
      'Asia/Atyrau',
      'Asia/Oral',
      'Asia/Qostanay',
      'Asia/Qyzylorda',
    ],
  },
  RU: {
    currency: 'RUB',
    zones: [
      'Europe/Moscow',
      'Europe/Kaliningrad',
      'Europe/Samara',
      'Asia/Yekaterinburg',
      'Asia/Omsk',
      'Asia/Novosibirsk',
      'Asia/Krasnoyarsk',
      'Asia/Irkutsk',
      'Asia/Yakutsk',
      'Asia/Vladivostok',
      'Asia/Kamchatka',
    ],
  },
  UA: { currency: 'UAH', zones: ['Europe/Kyiv'] },
  BY: { currency: 'BYN', zones: ['Europe/Minsk'] },
};

export const currencies = ['KZT', 'RUB', 'UAH', 'BYN', 'USD', 'EUR', 'CNY'];
