import { describe, expect, test } from '@jest/globals';
import { smallGazetteer } from '../../test/small-gazetteer.ts';
import { readQuery } from '../query/read-query.ts';
import { recognise } from './recognise.ts';

const read = (text: string) => recognise(readQuery('query', text), smallGazetteer);

describe('recognised, French and English', () => {
  test.each([
    ['define serendipity', 'definition', 'serendipity'],
    ['Define Serendipity', 'definition', 'Serendipity'],
    ['please define the word gist', 'definition', 'gist'],
    ['definition of entropy', 'definition', 'entropy'],
    ['the definition of love', 'definition', 'love'],
    ['meaning of life', 'definition', 'life'],
    ['what is the meaning of ubiquitous', 'definition', 'ubiquitous'],
    ["what's the definition of irony", 'definition', 'irony'],
    ['what does ephemeral mean', 'definition', 'ephemeral'],
    ['what does "carpe diem" mean?', 'definition', 'carpe diem'],
    ['serendipity definition', 'definition', 'serendipity'],
    ['definition: entropy', 'definition', 'entropy'],
    ['Définition : entropie', 'definition', 'entropie'],
    ['serendipity meaning', 'definition', 'serendipity'],
    ['définir sérendipité', 'definition', 'sérendipité'],
    ['definir serendipite', 'definition', 'serendipite'],
    ["définir l'amour", 'definition', 'amour'],
    ['définis le mot ubuesque', 'definition', 'ubuesque'],
    ["définition de l'entropie", 'definition', 'entropie'],
    ['la définition du bonheur', 'definition', 'bonheur'],
    ['quelle est la définition de la justice', 'definition', 'justice'],
    ['que signifie éphémère', 'definition', 'éphémère'],
    ['que veut dire acquiescer', 'definition', 'acquiescer'],
    ["qu'est-ce que signifie laconique", 'definition', 'laconique'],
    ['signification du mot atavisme', 'definition', 'atavisme'],
    ['sens du mot probe', 'definition', 'probe'],

    ['time in Tokyo', 'time', 'Tokyo'],
    ['TIME IN TOKYO', 'time', 'TOKYO'],
    ['what time is it in Tokyo', 'time', 'Tokyo'],
    ['what time is it in Tokyo?', 'time', 'Tokyo'],
    ['what time is it now in New York', 'time', 'New York'],
    ['current time in New York', 'time', 'New York'],
    ['local time in Paris now', 'time', 'Paris'],
    ['the time in Paris', 'time', 'Paris'],
    ["what's the time in Japan", 'time', 'Japan'],
    ['what is the current time in San Francisco', 'time', 'San Francisco'],
    ['heure à Tokyo', 'time', 'Tokyo'],
    ['heure a tokyo', 'time', 'tokyo'],
    ["l'heure à Paris", 'time', 'Paris'],
    ['quelle heure est-il à Tokyo', 'time', 'Tokyo'],
    ['quelle heure est-il à Tokyo ?', 'time', 'Tokyo'],
    ['quelle heure il est au Japon', 'time', 'Japon'],
    ['il est quelle heure à Lyon', 'time', 'Lyon'],
    ['heure locale à Paris', 'time', 'Paris'],
    ['heure actuelle de Londres', 'time', 'Londres'],
    ['quelle heure est-il aux États-Unis', 'time', 'États-Unis'],

    ['weather in Lyon', 'weather', 'Lyon'],
    ['weather in lyon today', 'weather', 'lyon'],
    ['what is the weather in Lyon', 'weather', 'Lyon'],
    ["what's the weather like in Lyon", 'weather', 'Lyon'],
    ['current weather in Lyon, France', 'weather', 'Lyon, France'],
    ['weather forecast for Paris', 'weather', 'Paris'],
    ['temperature in Tokyo', 'weather', 'Tokyo'],
    ['how is the weather in New York right now', 'weather', 'New York'],
    ['Lyon weather', 'weather', 'Lyon'],
    ['weather Lyon', 'weather', 'Lyon'],
    ['météo à Lyon', 'weather', 'Lyon'],
    ['meteo a lyon', 'weather', 'lyon'],
    ['METEO A LYON', 'weather', 'LYON'],
    ["météo d'Orange", 'weather', 'Orange'],
    ['la météo à La Rochelle', 'weather', 'La Rochelle'],
    ["météo aujourd'hui à Lyon", 'weather', 'Lyon'],
    ['météo Lyon', 'weather', 'Lyon'],
    ['Lyon météo', 'weather', 'Lyon'],
    ['quel temps fait-il à Brest', 'weather', 'Brest'],
    ['quel temps fait il a paris', 'weather', 'paris'],
    ['température à Paris', 'weather', 'Paris'],
    ['prévisions météo pour Nice', 'weather', 'Nice'],
    ['météo à Villeneuve-d’Ascq', 'weather', 'Villeneuve-d’Ascq'],

    ['where is Lyon', 'place', 'Lyon'],
    ['où est Lyon', 'place', 'Lyon'],
    ['où se trouve La Rochelle', 'place', 'La Rochelle'],
    ['Lyon', 'place', 'Lyon'],
    ['lyon', 'place', 'lyon'],
    ['Lyon, France', 'place', 'Lyon, France'],
    ['Paris TX', 'place', 'Paris TX'],
    ['Brest', 'place', 'Brest'],
    ['new york', 'place', 'new york'],
    ['Nice', 'place', 'Nice'],
  ])('%s: %s, %s', async (text, kind, thing) => {
    const reading = await read(text);
    expect(reading).toMatchObject({ kind, thing: { text: thing } });
    const { start = 0, end = 0 } = reading?.thing ?? {};
    expect([...readQuery('query', text).normalised].slice(start, end).join('')).toBe(thing);
  });

  test.each([
    ['capital of Peru', 'capital', 'PE'],
    ['what is the capital of Peru?', 'capital', 'PE'],
    ['capital city of the Netherlands', 'capital', 'NL'],
    ['Peru capital', 'capital', 'PE'],
    ["Peru's capital", 'capital', 'PE'],
    ['capitale du Pérou', 'capital', 'PE'],
    ['quelle est la capitale du Pérou ?', 'capital', 'PE'],
    ["capitale de l'Espagne", 'capital', 'ES'],
    ['capitale de la France', 'capital', 'FR'],
    ["capitale de la Côte d'Ivoire", 'capital', 'CI'],
    ['capitale des États-Unis', 'capital', 'US'],
    ['capital of uk', 'capital', 'GB'],
    ['population of Brazil', 'population', 'BR'],
    ['how many people live in Brazil', 'population', 'BR'],
    ['population du Brésil', 'population', 'BR'],
    ["combien d'habitants au Brésil", 'population', 'BR'],
    ["nombre d'habitants en France", 'population', 'FR'],
    ['currency of Japan', 'currency', 'JP'],
    ['currency in Japan', 'currency', 'JP'],
    ['what currency is used in Switzerland', 'currency', 'CH'],
    ['monnaie du Japon', 'currency', 'JP'],
    ['quelle monnaie est utilisée en Suisse', 'currency', 'CH'],
    ['devise de la Suisse', 'currency', 'CH'],
    ['languages spoken in Switzerland', 'languages', 'CH'],
    ['official language of Brazil', 'languages', 'BR'],
    ['what languages are spoken in South Africa', 'languages', 'ZA'],
    ['langues parlées en Suisse', 'languages', 'CH'],
    ['langue officielle du Maroc', 'languages', 'MA'],
    ['countries bordering France', 'borders', 'FR'],
    ['neighbours of France', 'borders', 'FR'],
    ['pays frontaliers de la France', 'borders', 'FR'],
    ["pays voisins de l'Espagne", 'borders', 'ES'],
    ['what continent is Peru in', 'region', 'PE'],
    ['sur quel continent se trouve le Pérou', 'region', 'PE'],
    ['area of France', 'area', 'FR'],
    ['how big is France', 'area', 'FR'],
    ['superficie de la France', 'area', 'FR'],
    ['calling code of Peru', 'calling_code', 'PE'],
    ['phone code for Spain', 'calling_code', 'ES'],
    ['indicatif téléphonique du Maroc', 'calling_code', 'MA'],
    ['indicatif de la Suisse', 'calling_code', 'CH'],
    ['Pérou capitale', 'capital', 'PE'],
  ])('%s: the %s of %s', async (text, fact, code) => {
    expect(await read(text)).toMatchObject({ kind: 'country', fact, thing: { type: 'country', value: code } });
  });

  test.each([
    ['Peru', 'PE'],
    ['peru', 'PE'],
    ['pérou', 'PE'],
    ['USA', 'US'],
    ['where is Peru', 'PE'],
    ['où est le Pérou', 'PE'],
    ["où se trouve l'Espagne ?", 'ES'],
    ['Turkey', 'TR'],
  ])('%s is the country %s', async (text, code) => {
    const reading = await read(text);
    expect(reading?.thing.type === 'country' ? reading.thing.value : undefined).toBe(code);
  });

  test.each([
    'weather in Lyon tomorrow',
    'météo à Lyon demain',
    'quel temps fera-t-il à Lyon',
    'weather in Paris next week',
    'weather in Paris on Saturday',
    'weather in Lyon tonight',
    'weather in Lyon in 3 days',
    'weather Lyon next weekend',
    'weather tomorrow in Lyon',
    'weather forecast for tomorrow in Lyon?',
    'météo à Lyon samedi',
    'météo à Lyon ce soir',
    'météo à Lyon demain matin',
    'météo Lyon dans 3 jours',
    'météo demain à Lyon',
    'quel temps fait-il demain à Lyon',
    'quel temps fera-t-il ce week-end à Lyon',
  ])('%s asks about a time to come', async (text) => {
    expect(await read(text)).toMatchObject({
      kind: 'weather',
      isLater: true,
      thing: { text: expect.stringMatching(/^(?:Lyon|Paris)$/) },
    });
  });

  test.each([
    ['météo au Havre', 'Havre', 'Le Havre'],
    ['quel temps fait-il au Havre', 'Havre', 'Le Havre'],
    ['heure au Havre', 'Havre', 'Le Havre'],
    ['météo du Havre', 'Havre', 'Le Havre'],
    ["météo des Sables-d'Olonne", "Sables-d'Olonne", "Les Sables-d'Olonne"],
    ["météo aux Sables-d'Olonne", "Sables-d'Olonne", "Les Sables-d'Olonne"],
    ['météo à Havre', 'Havre', undefined],
    ['météo aux Lyon', 'Lyon', undefined],
  ])('%s: an article that a preposition took in is a part of the name', async (text, thing, placeName) => {
    const reading = await read(text);
    expect(reading?.thing.text).toBe(thing);
    expect(reading?.placeName).toBe(placeName);
  });

  test.each(['time in Tokyo please', 'météo à Tokyo s’il vous plaît ?', 'météo Tokyo stp', 'where is Tokyo, please?'])(
    '%s: a polite word is no part of the name',
    async (text) => {
      expect((await read(text))?.thing.text).toBe('Tokyo');
    },
  );

  test('the zone of a country is known where it has one', async () => {
    expect((await read('time in Japan'))?.timezones).toHaveLength(1);
    expect((await read('time in Brazil'))?.timezones).toHaveLength(12);
    expect((await read('time in Tokyo'))?.timezones).toBeUndefined();
  });
});

describe('not recognised: a shape or a substring is not enough', () => {
  test.each([
    'où est la souris',
    'où est le chat',
    "information sur l'éthique",
    'informations sur la santé',
    'prix du pain',
    'prix du bitcoin',
    'bitcoin',
    'npm express',
    'once upon a time in hollywood',
    'time is money',
    'time management',
    'bedtime',
    "l'heure à laquelle il part",
    "heure d'ouverture",
    'heures supplémentaires',
    'nice weather',
    'bad weather',
    'the weather channel',
    'météo marine',
    'météorite',
    'capital gains tax',
    'capital of happiness',
    'das kapital',
    'capitale du rire',
    'peine capitale',
    'monnaie virtuelle',
    'population ageing',
    'langue de boeuf',
    'surface de réparation',
    'superficie de mon jardin',
    'border collie',
    'country music',
    'phone code unlock',
    'undefined is not a function',
    'define',
    'san',
    'souris',
    'it',
    'to',
    'me',
    'how to cook rice',
    'comment cuire du riz',
    'why is the sky blue',
    'recette de crêpes',
    'temps de cuisson des pâtes',
    '12 miles in km',
    '2+2',
    'bonjour',
    'the capital of it',
    'weather forecast for tomorrow',
    'weather for tonight',
    'météo pour demain',
    'definition of',
    'définition de',
    'please',
    '!!!',
  ])('%s', async (text) => {
    expect(await read(text)).toBeUndefined();
  });
});
