import { listen } from './api.js';
import { startAnswers } from './answers.js';
import { startClasses } from './classes.js';
import { startCompare } from './compare.js';
import { byId } from './dom.js';
import { startExplanation } from './explanation.js';
import { startInvent } from './invent.js';
import { startModel } from './model.js';
import { startPictures } from './pictures.js';
import { announce } from './session.js';
import { startTabs } from './tabs.js';
import { askToken } from './token.js';

listen({
  onToken: askToken,
  onWaiting: seconds => announce(`The server is busy. Trying again in ${Math.ceil(seconds)} seconds.`),
});
startTabs();
startPictures();
startAnswers();
startExplanation(byId('panel-why'));
startInvent(byId('panel-invent'));
startCompare(byId('panel-compare'));
startClasses(byId('panel-classes'));
startModel();
